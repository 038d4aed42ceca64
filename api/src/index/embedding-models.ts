import type { EmbeddingModel } from '../models/embedding-model.ts';
import type { Database } from '../storage/database.ts';
import { anyPending, requestMissingEmbeddings } from './pending-rows.ts';
import { listModels, lockModels, putModel, setModelState, type ModelRow } from './model-rows.ts';

/**
 * Makes the configured model one of those in use. The first becomes active at once; a later one is built in the
 * background while the active one goes on answering. Answers the models in use.
 */
export async function adoptModel(database: Database, configured: EmbeddingModel | null): Promise<ModelRow[]> {
  return database.forJobs(async (sql) => {
    await lockModels(sql);
    const before = await listModels(sql);
    const known = before.find((row) => row.key === configured?.key);
    const active = before.find((row) => row.state === 'active');
    // One that was being built for other settings is wanted no more, also when these go back to the active one.
    for (const row of before) {
      if (configured && row.state === 'building' && row !== known)
        await setModelState(sql, row.id, 'retired');
    }
    if (configured && (!known || known.state === 'retired')) {
      await putModel(sql, configured.key, configured.dimensions, active ? 'building' : 'active');
      const adopted = (await listModels(sql)).find((row) => row.key === configured.key);
      if (adopted) await requestMissingEmbeddings(sql, adopted.id);
    }
    return (await listModels(sql)).filter((row) => row.state !== 'retired');
  });
}

/** Lets search change over to the model that was built, once it has every memory; vectors of the old one stay. */
export async function activateWhenBuilt(database: Database, building: ModelRow): Promise<boolean> {
  return database.forJobs(async (sql) => {
    await lockModels(sql);
    const rows = await listModels(sql);
    if (rows.find((row) => row.id === building.id)?.state !== 'building') return true;
    // What another process wrote while the model was taken on did not know of it yet.
    await requestMissingEmbeddings(sql, building.id);
    if (await anyPending(sql, building.id)) return false;
    for (const row of rows) if (row.state === 'active') await setModelState(sql, row.id, 'retired');
    await setModelState(sql, building.id, 'active');
    return true;
  });
}

export async function modelsInUse(database: Database): Promise<ModelRow[]> {
  const rows = await database.forJobs((sql) => listModels(sql));
  return rows.filter((row) => row.state !== 'retired');
}
