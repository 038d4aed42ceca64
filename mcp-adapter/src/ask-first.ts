import {
  type ClientCapabilities,
  type InputRequest,
  type InputRequiredResult,
  type ServerContext,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';
import { type Answered, type CompiledAsk, answerOf, requestOf } from './asks.ts';
import { CONFIRMED } from './arguments.ts';
import type { Failure } from './failures.ts';
import type { OperationEntry } from './operation-entry.ts';
import { type RequestState, type StateSeal, callFingerprint } from './request-state.ts';
import { fillText } from './uri-template.ts';

/** Whether an operation may run now, and with what. */
export type Readiness =
  | { kind: 'ready'; args: Record<string, unknown> }
  | { kind: 'ask'; result: InputRequiredResult }
  | { kind: 'stopped'; outcome: Failure };

export interface Asking {
  entry: OperationEntry;
  asks: readonly CompiledAsk[];
  args: Record<string, unknown>;
  userId: string;
  context: ServerContext;
  capabilities: ClientCapabilities | undefined;
  seal: StateSeal;
}

const CONFIRM = 'confirm';

/**
 * Asks what must be asked before an operation runs: first for the person's word, then round by round. Answers of
 * earlier rounds and the person's word come back in a sealed state, which is good for this call by this caller alone.
 */
export async function askFirst(asking: Asking): Promise<Readiness> {
  const { entry, asks, args, context, capabilities } = asking;
  if (entry.confirm === null && asks.length === 0) return { kind: 'ready', args };
  const call = callFingerprint(asking.userId, entry, args);
  const given = context.mcpReq.requestState<RequestState>();
  const own = given?.call === call ? given : undefined;
  const state: RequestState = { call, confirmed: own?.confirmed ?? false, answers: { ...own?.answers } };
  const ask = async (requests: Record<string, InputRequest>): Promise<Readiness> => {
    const requestState = await asking.seal.mint(state);
    return { kind: 'ask', result: inputRequired({ inputRequests: requests, requestState }) };
  };

  if (entry.confirm && !state.confirmed) {
    if (!canAsk(capabilities)) {
      if (args[CONFIRMED] !== true) return { kind: 'stopped', outcome: confirmationRequired(entry, args) };
    } else {
      // Without our own state the answer may be to another call's question.
      const answer = own
        ? inputResponse(context.mcpReq.inputResponses, CONFIRM)
        : { kind: 'missing' as const };
      if (answer.kind !== 'elicit') return ask({ [CONFIRM]: confirmation(entry.confirm.message, args) });
      if (answer.action !== 'accept') return { kind: 'stopped', outcome: notConfirmed };
    }
    state.confirmed = true;
  }

  const rounds = [...new Set(asks.map(({ round }) => round))].sort((a, b) => a - b);
  for (const round of rounds) {
    const requests: Record<string, InputRequest> = {};
    for (const each of asks.filter((one) => one.round === round && !(one.variable in state.answers))) {
      const answered: Answered = answerOf(each, context.mcpReq.inputResponses);
      if (answered.kind === 'answer') state.answers[each.variable] = answered.value;
      else if (answered.kind === 'declined' && each.required)
        return { kind: 'stopped', outcome: declined(each.variable) };
      else if (answered.kind === 'declined' || (!each.required && !canAnswer(each, capabilities)))
        state.answers[each.variable] = null;
      // What must be answered is asked also of a host that cannot: the protocol names the capability it lacks.
      else requests[each.variable] = requestOf(each, args);
    }
    if (Object.keys(requests).length > 0) return ask(requests);
  }
  const answers = Object.entries(state.answers).filter(([, value]) => value !== null);
  return { kind: 'ready', args: { ...args, ...Object.fromEntries(answers) } };
}

function confirmation(message: string, args: Record<string, unknown>): InputRequest {
  return inputRequired.elicit({
    message: fillText(message, args),
    requestedSchema: { type: 'object', properties: {} },
  });
}

/** A bare `elicitation: {}` means forms: modes came later. */
function canAsk(capabilities: ClientCapabilities | undefined): boolean {
  const elicitation = capabilities?.elicitation;
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

function canAnswer(ask: CompiledAsk, capabilities: ClientCapabilities | undefined): boolean {
  if (ask.kind === 'form') return canAsk(capabilities);
  return capabilities?.[ask.kind === 'sample' ? 'sampling' : 'roots'] !== undefined;
}

/** For callers that cannot show the person a question: what to ask, and how to go on. */
export function confirmationRequired(entry: OperationEntry, args: Record<string, unknown>): Failure {
  return {
    kind: 'failure',
    code: 'CONFIRMATION_REQUIRED',
    message: `Nothing was done yet. Ask the person: ${fillText(entry.confirm?.message ?? '', args)}`,
    wayOn: 'After they said yes, call again with the same arguments and confirmed set to true.',
    status: 428,
  };
}

const notConfirmed: Failure = {
  kind: 'failure',
  code: 'NOT_CONFIRMED',
  message: 'The person did not agree. Nothing was done.',
  wayOn: 'Do not call again unless they ask for it.',
  status: 409,
};

function declined(variable: string): Failure {
  return {
    kind: 'failure',
    code: 'NOT_ANSWERED',
    message: `The person did not answer what was asked for ${variable}. Nothing was done.`,
    wayOn: 'Ask them in the conversation how to go on.',
    status: 409,
  };
}
