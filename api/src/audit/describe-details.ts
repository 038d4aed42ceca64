/** What stands in an entry beside ids, by name; what is null is left out. */
export function describeDetails(details: Record<string, unknown> | null): { name: string; value: string }[] {
  return Object.entries(details ?? {}).flatMap(([name, value]) => {
    const text = Array.isArray(value) ? value.join(', ') : value === null ? '' : JSON.stringify(value);
    return text === '' ? [] : [{ name, value: typeof value === 'string' ? value : text }];
  });
}
