import {
  CommentError,
  type Comments,
  type Endpoint,
  type Environment,
  listComments,
  send,
} from './comments.ts';

const permissionHint =
  'make a project access token with the role Reporter and the scope api, and a masked CI/CD variable CLASS4_COMMENT_TOKEN of it';

/** Of the merge request that a pipeline runs for. The token of a job may not write them. @throws CommentError */
export function gitlabComments(env: Environment): Comments {
  const [token, request] = [env['CLASS4_COMMENT_TOKEN'] ?? '', env['CI_MERGE_REQUEST_IID'] ?? ''];
  if (request === '')
    throw new CommentError('this runs for no pull or merge request', 'run it in a pipeline of one');
  if (token === '') throw new CommentError('there is no CLASS4_COMMENT_TOKEN', permissionHint);
  const endpoint: Endpoint = {
    url: (env['CI_API_V4_URL'] ?? 'https://gitlab.com/api/v4').replace(/\/+$/, ''),
    headers: { 'private-token': token },
    permissionHint,
  };
  const project = encodeURIComponent(env['CI_MERGE_REQUEST_PROJECT_ID'] ?? env['CI_PROJECT_ID'] ?? '');
  const notes = `/projects/${project}/merge_requests/${encodeURIComponent(request)}/notes`;
  return {
    list: () => listComments(endpoint, notes),
    create: body => send(endpoint, 'POST', notes, body),
    update: (id, body) => send(endpoint, 'PUT', `${notes}/${id}`, body),
  };
}
