import { createTemplate } from './database.ts';

export default async function setup(): Promise<() => Promise<void>> {
  return createTemplate();
}
