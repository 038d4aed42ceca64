type Given<Input> = { [Key in keyof Input]: Exclude<Input[Key], undefined> };

/**
 * An input without the fields that were not given: absent and null are different wishes. Null for a field that cannot
 * be empty is refused by the rules of the memory.
 */
export function given<Input extends object>(input: Input): Given<Input> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Given<Input>;
}
