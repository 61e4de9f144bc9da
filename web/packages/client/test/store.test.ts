import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { utf8 } from "../src/bytes.js";
import { sealedStore } from "../src/runtime/sealed-store.js";

/** Everything that lies in the database, as a thief of the disk has it. */
async function dump(factory: IDBFactory): Promise<{ values: Map<string, Uint8Array>; keys: CryptoKey[] }> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = factory.open("segel");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error("no database"));
  });
  const all = <T>(name: string, what: (store: IDBObjectStore) => IDBRequest): Promise<T> =>
    new Promise((resolve, reject) => {
      const request = what(database.transaction(name).objectStore(name));
      request.onsuccess = () => resolve(request.result as T);
      request.onerror = () => reject(new Error("unreadable"));
    });
  const names = await all<string[]>("values", (store) => store.getAllKeys());
  const sealed = await all<Uint8Array[]>("values", (store) => store.getAll());
  return { values: new Map(names.map((name, at) => [name, sealed[at] ?? new Uint8Array()])), keys: await all<CryptoKey[]>("keys", (store) => store.getAll()) };
}

test("values outlive the page, are sealed at rest, and their key cannot be read out", async () => {
  const store = await sealedStore(new IDBFactory());
  const factory = indexedDB;
  const first = await sealedStore(factory);
  await first.put("account", utf8("secret"));
  await first.put("meeting/1/log/2", utf8("b"));
  await first.put("meeting/1/log/1", utf8("a"));
  const again = await sealedStore(factory);
  expect(await again.get("account")).toEqual(utf8("secret"));
  expect((await again.list("meeting/1/")).map(([name]) => name)).toEqual(["meeting/1/log/1", "meeting/1/log/2"]);
  expect(await store.get("account")).toBeNull();
  const { values, keys } = await dump(factory);
  expect(new TextDecoder().decode(values.get("account"))).not.toContain("secret");
  expect(keys.map(({ extractable }) => extractable)).toEqual([false]);
});

test("a value that is put under another name does not open", async () => {
  const factory = new IDBFactory();
  const store = await sealedStore(factory);
  await store.put("a", utf8("one"));
  const { values } = await dump(factory);
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = factory.open("segel");
    request.onsuccess = () => resolve(request.result);
  });
  await new Promise((resolve) => {
    const request = database.transaction("values", "readwrite").objectStore("values").put(values.get("a"), "b");
    request.onsuccess = resolve;
  });
  await expect(store.get("b")).rejects.toThrow();
});

test("two tabs that open the store at once use one key", async () => {
  const factory = new IDBFactory();
  const [one, two] = await Promise.all([sealedStore(factory), sealedStore(factory)]);
  await one.put("name", utf8("value"));
  expect(await two.get("name")).toEqual(utf8("value"));
});
