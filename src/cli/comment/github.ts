import { readFileSync } from 'node:fs';
import {
  CommentError,
  type Comments,
  type Endpoint,
  type Environment,
  listComments,
  send,
} from './comments.ts';

const permissionHint =
  'give the job `permissions: pull-requests: write` and GITHUB_TOKEN; pull requests of forks have no such permission';

/** Of the pull request that a workflow runs for. @throws CommentError */
export function githubComments(env: Environment): Comments {
  const [token, repository] = [env['GITHUB_TOKEN'] ?? '', env['GITHUB_REPOSITORY'] ?? ''];
  const number = pullRequest(env);
  if (number === null)
    throw new CommentError('this workflow runs for no pull request', 'run it `on: pull_request`');
  if (token === '') throw new CommentError('there is no GITHUB_TOKEN', permissionHint);
  const endpoint: Endpoint = {
    url: (env['GITHUB_API_URL'] ?? 'https://api.github.com').replace(/\/+$/, ''),
    headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' },
    permissionHint,
  };
  const comments = `/repos/${repository}/issues/${number}/comments`;
  return {
    list: () => listComments(endpoint, comments),
    create: body => send(endpoint, 'POST', comments, body),
    update: (id, body) => send(endpoint, 'PATCH', `/repos/${repository}/issues/comments/${id}`, body),
  };
}

function pullRequest(env: Environment): number | null {
  try {
    const event = JSON.parse(readFileSync(env['GITHUB_EVENT_PATH'] ?? '', 'utf8')) as {
      readonly pull_request?: { readonly number?: unknown };
    };
    const number = event.pull_request?.number;
    return typeof number === 'number' ? number : null;
  } catch {
    return null;
  }
}
