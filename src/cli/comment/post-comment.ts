/**
 * One comment of the pull or merge request that a pipeline runs for: made by the first run, updated by those that
 * follow. That it cannot be posted is said and fails nothing: whoever may not comment still has the summary and artifact.
 */
import type { Io } from '../io.ts';
import { addToJobSummary } from '../job-summary.ts';
import { CommentError, type Comments } from './comments.ts';
import { githubComments } from './github.ts';
import { gitlabComments } from './gitlab.ts';

export type Service = 'github' | 'gitlab';

export interface Posted {
  /** Begins with its marker: what begins alike is updated. */
  readonly text: string;
  /** Nothing is to be said unless something was said before. */
  readonly onlyUpdate: boolean;
}

/** `print` writes a comment that the service takes; `fallBack` has it added to the summary of the job if need be. */
export async function postComment(
  print: (service: Service) => Posted,
  fallBack: boolean,
  io: Io,
): Promise<void> {
  const github = io.env['GITHUB_ACTIONS'] === 'true';
  try {
    const comments = github ? githubComments(io.env) : gitlabComments(io.env);
    io.err(`class4 plan: ${await post(comments, print(github ? 'github' : 'gitlab'))}\n`);
  } catch (error) {
    if (!(error instanceof CommentError)) throw error;
    io.err(`class4 plan: no comment was posted: ${error.message}\n  → ${error.hint}\n`);
    if (fallBack) addToJobSummary('plan', bytes => summaryText(print('github').text, bytes), io);
  }
}

async function post(comments: Comments, { text, onlyUpdate }: Posted): Promise<string> {
  const marker = text.slice(0, text.indexOf('\n'));
  const earlier = (await comments.list()).find(({ body }) => body.startsWith(marker));
  if (earlier === undefined && onlyUpdate) return 'nothing changes, so there is no comment';
  if (earlier?.body === text) return 'the comment says so already';
  if (earlier === undefined) {
    await comments.create(text);
    return 'a comment was posted';
  }
  await comments.update(earlier.id, text);
  return 'the comment was updated';
}

function summaryText(text: string, limitBytes: number): string {
  return Buffer.byteLength(text) <= limitBytes ? text : '';
}
