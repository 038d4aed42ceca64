import { createHash, type KeyObject } from 'node:crypto';
import { errors, Provider, type Adapter, type AdapterPayload } from 'oidc-provider';
import { isId } from '../id.ts';
import type { Database, Sql } from '../storage/database.ts';
import { seal, unseal } from '../storage/encryption.ts';
import {
  deleteModel,
  deleteModelsOfGrant,
  findModel,
  findModelByUid,
  findModelByUserCode,
  insertModelOnce,
  markClientUsed,
  upsertModel,
  type ModelRow,
  type NewModelRow,
} from './model-rows.ts';
import type { RequestLimits } from './request-limits.ts';
import { currentTransaction, reading, writing } from './request-transaction.ts';
import { deleteGrant } from './revoked-rows.ts';
import { userAgentOf } from './session.ts';
import { rememberSession } from './session-rows.ts';
import { consumeModel, lockModel, replaceUnusedSuccessor } from './single-use-rows.ts';

/** Of these, being used is told to the library and can happen once. */
const SINGLE_USE: ReadonlySet<string> = new Set(['AuthorizationCode', 'RefreshToken', 'DeviceCode']);

/** The id of a model is the token itself: what is kept of it cannot be used. */
const hash = (id: string): Buffer => createHash('sha256').update(id).digest();

/** Keeps what the library remembers, one kind of it (`model`) an adapter, in the table `oauth_models`. */
export class ModelAdapter implements Adapter {
  readonly #database: Database;
  readonly #key: KeyObject;
  readonly #model: string;
  readonly #limits: Pick<RequestLimits, 'guessed'>;

  constructor(database: Database, key: KeyObject, model: string, limits: Pick<RequestLimits, 'guessed'>) {
    this.#database = database;
    this.#key = key;
    this.#model = model;
    this.#limits = limits;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const row = this.#row(hash(id), id, payload, expiresIn);
    if (this.#model === 'ReplayDetection') return this.#insertOnce(row);
    await writing(this.#database, async (sql) => {
      await upsertModel(sql, row);
      if (this.#model === 'Grant' && row.clientId) await markClientUsed(sql, hash(row.clientId));
      if (this.#model === 'Session' && row.accountId && row.uidHash) {
        const userAgent = userAgentOf(Provider.ctx?.get('user-agent'));
        await rememberSession(sql, { ownerId: row.accountId, uidHash: row.uidHash, userAgent });
      }
    });
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const transaction = currentTransaction();
    if (transaction && SINGLE_USE.has(this.#model)) return this.#findToUse(await transaction.begin(), id);
    const row = await reading(this.#database, (sql) => findModel(sql, this.#model, hash(id)));
    return this.#open(row);
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#open(await reading(this.#database, (sql) => findModelByUid(sql, this.#model, hash(uid))));
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    const find = (sql: Sql) => findModelByUserCode(sql, this.#model, hash(userCode));
    // People come with it, and may be guessing, whichever page it is that asks.
    return this.#limits.guessed(async () => this.#open(await reading(this.#database, find)));
  }

  async consume(id: string): Promise<void> {
    const idHash = hash(id);
    const consumed = await writing(this.#database, (sql) => consumeModel(sql, this.#model, idHash));
    if (!consumed) throw new errors.InvalidGrant('it was used before');
    const transaction = currentTransaction();
    if (transaction && this.#model === 'RefreshToken') transaction.consumedRefreshToken = idHash;
  }

  async destroy(id: string): Promise<void> {
    await writing(this.#database, (sql) =>
      this.#model === 'Grant' ? deleteGrant(sql, id) : deleteModel(sql, this.#model, hash(id)),
    );
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await writing(this.#database, (sql) => deleteModelsOfGrant(sql, this.#model, grantId));
  }

  /** Whatever comes of the request, what proved who sent it is used up: in a transaction of its own. */
  async #insertOnce(row: NewModelRow): Promise<void> {
    const first = await this.#database.forAccounts((sql) => insertModelOnce(sql, row));
    if (!first) throw new errors.InvalidClientAuth('a client assertion can be used once');
  }

  async #findToUse(sql: Sql, id: string): Promise<AdapterPayload | undefined> {
    const transaction = currentTransaction();
    const row = await lockModel(sql, this.#model, hash(id), transaction?.age ?? 0);
    const mayReplay = this.#model === 'RefreshToken' && row?.consumedBefore && row.consumedLately;
    if (mayReplay && (await replaceUnusedSuccessor(sql, row.idHash)))
      return this.#open({ ...row, consumedAt: null });
    return this.#open(row);
  }

  #row(idHash: Buffer, id: string, payload: AdapterPayload, expiresIn: number | undefined): NewModelRow {
    const { grantId, userCode, uid, accountId, clientId } = payload;
    const { consumedRefreshToken } = currentTransaction() ?? {};
    return {
      model: this.#model,
      idHash,
      sealed: seal(this.#key, Buffer.from(JSON.stringify(payload)), this.#context(idHash)),
      grantId: this.#model === 'Grant' ? id : (grantId ?? null),
      userCodeHash: userCode === undefined ? null : hash(userCode),
      uidHash: uid === undefined ? null : hash(uid),
      accountId: accountId !== undefined && isId(accountId) ? accountId : null,
      clientId: clientId ?? payload.client_id ?? null,
      replaces: this.#model === 'RefreshToken' ? (consumedRefreshToken ?? null) : null,
      expiresIn: expiresIn ?? null,
    };
  }

  #open(row: ModelRow | null): AdapterPayload | undefined {
    if (!row) return undefined;
    const opened = unseal(this.#key, row.sealed, this.#context(row.idHash));
    const payload = JSON.parse(opened.toString()) as AdapterPayload;
    const used = SINGLE_USE.has(this.#model) && row.consumedAt;
    return used ? { ...payload, consumed: Math.floor(used.getTime() / 1000) } : payload;
  }

  /** A payload opens in its own row alone. */
  #context(idHash: Buffer): string {
    return `oauth-model|${this.#model}|${idHash.toString('base64url')}`;
  }
}
