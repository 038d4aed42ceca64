import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors } from 'oidc-provider';
import type { From } from '../accounts/sign-in-limits.ts';
import type { Services } from '../services.ts';
import { describeClient } from './client-description.ts';
import { abort, allow, showConsent } from './consent-steps.ts';
import { continuePage } from './continue-page.ts';
import { leaveOtherSession } from './leave-other-session.ts';
import { methodNotAllowed, notFound } from './page-refusal.ts';
import { passkeyOptions, signInByPasskey } from './passkey-steps.ts';
import { isReading, readForm } from './read-form.ts';
import { register, showRegister } from './register-steps.ts';
import { pathOf } from './safe-url.ts';
import {
  showRecoveryCode,
  showSignIn,
  signIn,
  signInByRecoveryCode,
  switchAccount,
} from './sign-in-steps.ts';
import { seeOther, show, type PagesOauth, type Show, type Step, type Submit } from './step.ts';

interface Route {
  /** The prompt that the authorization must wait at; any, if it is left out. */
  prompt?: 'login' | 'consent';
  show?: Show;
  submit?: Submit;
}

const routes: Readonly<Record<string, Route>> = {
  '': { show: (step) => (step.interaction.prompt.name === 'login' ? showSignIn(step) : showConsent(step)) },
  '/sign-in': { prompt: 'login', show: showSignIn, submit: signIn },
  '/register': { prompt: 'login', show: showRegister, submit: register },
  '/recovery-code': { prompt: 'login', show: showRecoveryCode, submit: signInByRecoveryCode },
  '/passkey': { prompt: 'login', submit: signInByPasskey },
  '/passkey/options': { prompt: 'login', submit: passkeyOptions },
  '/consent': { prompt: 'consent', submit: allow },
  '/switch-account': { prompt: 'consent', submit: switchAccount },
  '/abort': { submit: abort },
};

export interface InteractionRequest {
  services: Services;
  oauth: PagesOauth;
  publicUrl: URL;
  request: IncomingMessage;
  response: ServerResponse;
  from: From;
  pathname: string;
}

/** One step of an authorization: shows it, or takes what a form says and goes on. */
export async function takeStep(of: InteractionRequest): Promise<void> {
  const { request, publicUrl, pathname } = of;
  const [, uid = '', name = ''] = /^\/interaction\/([\w-]+)((?:\/[a-z-]+)*)$/.exec(pathname) ?? [];
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (!uid || !route) throw notFound();
  const allowed = [route.show && 'GET, HEAD', route.submit && 'POST'].filter(Boolean).join(', ');
  const submit = request.method === 'POST' ? route.submit : undefined;
  const showIt = isReading(request) ? route.show : undefined;
  if (!submit && !showIt) throw methodNotAllowed(allowed);

  const form = submit && (await readForm(request, publicUrl.origin));
  const step = await openStep(of, uid);
  const { interaction, at } = step;
  if (interaction.result) return afterwards(step, name);
  if (route.prompt && route.prompt !== interaction.prompt.name) return seeOther(step, at);
  if (submit && form) await submit(step, form);
  else await showIt?.(step);
}

/** It is decided already: whoever comes back, or sends a form again, is taken on. */
async function afterwards(step: Step, name: string): Promise<void> {
  if (name !== '') return seeOther(step, step.at);
  await leaveOtherSession(step);
  show(step, continuePage({ url: pathOf(step.interaction.returnTo) }));
}

/** @throws {errors.SessionNotFound} for an interaction that is over, or of another browser. */
async function openStep(of: InteractionRequest, uid: string): Promise<Step> {
  const { services, oauth, publicUrl, request, response, from } = of;
  const { provider } = oauth;
  const interaction = await provider.interactionDetails(request, response);
  if (interaction.uid !== uid) throw new errors.SessionNotFound('The cookie is of another interaction');
  const { client_id: clientId, redirect_uri: redirectUri } = interaction.params;
  const client = typeof clientId === 'string' ? await provider.Client.find(clientId) : undefined;
  if (!client) throw new errors.SessionNotFound('The client is gone');
  const target = interaction.deviceCode === undefined && typeof redirectUri === 'string' ? redirectUri : null;
  return {
    services,
    provider,
    publicUrl,
    request,
    response,
    from,
    interaction,
    client: describeClient(client, target, !oauth.listed?.has(client.clientId)),
    clientId: client.clientId,
    at: `/interaction/${uid}`,
  };
}
