import { z } from 'zod';
import { clearText } from '../clear-text.ts';
import { checked } from '../invalid-input.ts';
import type { MemoryFilter } from './filter.ts';

const texts = z.object({
  tags: z.array(clearText).nullish(),
  sources: z.array(clearText).nullish(),
  thread: clearText.nullish(),
});

/** The filter, if the database can compare with all of it. @throws {InvalidInput} */
export function checkedFilter(filter: MemoryFilter): MemoryFilter {
  checked('filter', texts, filter);
  return filter;
}
