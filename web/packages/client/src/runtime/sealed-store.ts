/** A store in IndexedDB whose values are sealed under a key that no script can read out (tier C). */
import { buffer, concat } from "../bytes.js";
import type { Store } from "./surroundings.js";

const DATABASE = "segel";
const KEYS = "keys";
const VALUES = "values";
const NONCE = 12;

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the store failed"));
  });
}

function open(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(KEYS);
    request.result.createObjectStore(VALUES);
  };
  return settled(request);
}

/** The page's one key: AES-256-GCM, not extractable. Two tabs that start at once agree on the first that was put. */
async function wrappingKey(database: IDBDatabase): Promise<CryptoKey> {
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const keys = database.transaction(KEYS, "readwrite").objectStore(KEYS);
  const known = (await settled(keys.get("wrapping"))) as CryptoKey | undefined;
  if (known !== undefined) return known;
  await settled(keys.put(fresh, "wrapping"));
  return fresh;
}

/** Opens the store of this origin. The name is bound to each value, so that none can stand for another. */
export async function sealedStore(factory: IDBFactory): Promise<Store> {
  const database = await open(factory);
  const key = await wrappingKey(database);
  const values = (mode: IDBTransactionMode): IDBObjectStore => database.transaction(VALUES, mode).objectStore(VALUES);
  const parameters = (name: string, iv: Uint8Array): AesGcmParams => ({ name: "AES-GCM", iv: buffer(iv), additionalData: new TextEncoder().encode(name) });

  const unseal = async (name: string, sealed: Uint8Array): Promise<Uint8Array> =>
    new Uint8Array(await crypto.subtle.decrypt(parameters(name, sealed.slice(0, NONCE)), key, buffer(sealed.slice(NONCE))));

  return {
    async get(name) {
      const sealed = (await settled(values("readonly").get(name))) as Uint8Array | undefined;
      return sealed === undefined ? null : unseal(name, sealed);
    },
    async put(name, value) {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
      const sealed = concat(nonce, new Uint8Array(await crypto.subtle.encrypt(parameters(name, nonce), key, buffer(value))));
      await settled(values("readwrite").put(sealed, name));
    },
    async delete(name) {
      await settled(values("readwrite").delete(name));
    },
    async list(prefix) {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      const objects = values("readonly");
      const [keys, sealed] = await Promise.all([settled(objects.getAllKeys(range)), settled(objects.getAll(range))]);
      const names = keys.filter((name) => typeof name === "string");
      return Promise.all(names.map(async (name, at) => [name, await unseal(name, sealed[at] as Uint8Array)] as const));
    },
  };
}
