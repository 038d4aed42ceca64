import { createTemplate } from './database.ts';
import { readDeployment } from './deployment-name.ts';

export default async function setup(): Promise<() => Promise<void>> {
  readDeployment(process.env);
  return createTemplate();
}
