/** What a field tells about itself beside its type: enforced by `cost.ts`, printed into the SDL as directives. */
export interface FieldNotes {
  /** Points of the field itself. */
  cost?: number;
  /** The argument that says how many items come; each costs a point and all that is asked below it. */
  sizedBy?: 'first' | 'input.memories' | 'input.memoryIds';
  effects?: { destructive?: boolean; idempotent?: boolean; openWorld?: boolean };
}

/** For a field's `extensions`. */
export function notes(of: FieldNotes): { notes: FieldNotes } {
  return { notes: of };
}

export function notesOf(extensions: Readonly<Record<string, unknown>>): FieldNotes {
  return (extensions['notes'] as FieldNotes | undefined) ?? {};
}

/** The scope that `t.withAuth({ scope })` enforces on a field. */
export function scopeOf(extensions: Readonly<Record<string, unknown>>): string | null {
  const options = extensions['pothosOptions'] as { authScopes?: { scope?: string } } | undefined;
  return options?.authScopes?.scope ?? null;
}
