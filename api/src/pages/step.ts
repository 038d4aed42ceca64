import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Interaction, InteractionResults, Provider } from 'oidc-provider';
import type { Account } from '../accounts/account.ts';
import { findAccount } from '../accounts/find-account.ts';
import type { From } from '../accounts/sign-in-limits.ts';
import type { ListedClients } from '../oauth/listed-clients.ts';
import type { Oauth } from '../oauth/open-oauth.ts';
import type { Services } from '../services.ts';
import type { ClientDescription } from './client-description.ts';
import type { Page } from './layout.ts';
import { sendPage } from './respond-page.ts';

/** Of the authorization server, as much as pages need. */
export type PagesOauth = Pick<Oauth, 'provider' | 'usePages' | 'handle'> & {
  listed?: Pick<ListedClients, 'has'>;
};

/** One request within an authorization. */
export interface Step {
  services: Services;
  provider: Provider;
  publicUrl: URL;
  request: IncomingMessage;
  response: ServerResponse;
  from: From;
  interaction: Interaction;
  client: ClientDescription;
  clientId: string;
  /** Path of the interaction, below which its steps are. */
  at: string;
}

export type Show = (step: Step) => Promise<void> | void;
export type Submit = (step: Step, form: URLSearchParams) => Promise<void> | void;

/** For a form that was not right: Unprocessable Content (RFC 9110 section 15.5.21). */
export const NOT_RIGHT = 422;

export function show({ response, publicUrl }: Step, page: Page, status = 200): void {
  sendPage(response, status, page, publicUrl);
}

/** Answers a form so that loading the page again sends nothing again. */
export function seeOther({ response }: Step, path: string): void {
  response.writeHead(303, { location: path, 'cache-control': 'no-store', 'content-length': '0' }).end();
}

/** Keeps the outcome of this step; the interaction's own page then goes on with it. */
export async function finish(
  step: Step,
  result: InteractionResults,
  mergeWithLastSubmission: boolean,
): Promise<void> {
  const { provider, request, response } = step;
  await provider.interactionResult(request, response, result, { mergeWithLastSubmission });
  seeOther(step, step.at);
}

/** Who is signed in to this browser; null for an account that is gone. */
export async function signedInAccount({ services, interaction }: Step): Promise<Account | null> {
  const id = interaction.session?.accountId;
  return id === undefined ? null : findAccount(services, { id }, id);
}
