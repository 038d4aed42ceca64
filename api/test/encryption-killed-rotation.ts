import { rotateMasterKey } from '../src/admin/rotate-master-key.ts';
import { readConfig } from '../src/config.ts';
import { openServices } from '../src/open-services.ts';

/** A process that rotates and is killed just before it wraps one key too many: the number in its first argument. */
const limit = Number(process.argv[2]);
const services = await openServices(readConfig(process.env), undefined, { model: false });
const wrap = services.dataKeys.wrap.bind(services.dataKeys);
let wrapped = 0;
services.dataKeys.wrap = (...given) => {
  wrapped += 1;
  if (wrapped === limit) process.kill(process.pid, 'SIGKILL');
  return wrap(...given);
};
await rotateMasterKey(services);
throw new Error('It was to be killed');
