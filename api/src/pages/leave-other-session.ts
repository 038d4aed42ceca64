import type { Step } from './step.ts';

/**
 * Before somebody who has just signed in is taken on: whoever else is signed in to this browser is signed out, be it since
 * before or by another tab meanwhile. The library would show a page of its own for that, and take away what the other
 * account allowed.
 */
export async function leaveOtherSession({ provider, interaction, request, response }: Step): Promise<void> {
  const accountId = interaction.result?.login?.accountId;
  if (accountId === undefined) return;
  const { session: begun } = interaction;
  const present = await provider.Session.get(provider.createContext(request, response));
  const before = begun && (await provider.Session.findByUid(begun.uid));
  for (const session of [present, before])
    if (session?.accountId !== undefined && session.accountId !== accountId) await session.destroy();
  if (!begun || begun.accountId === accountId) return;
  interaction.session = undefined;
  await interaction.persist();
}
