/** Erasing all that this browser keeps for this server's page. */

/** Whether a database is gone: another window that has it open can keep it. */
function deleted(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve(true);
    request.onerror = () => resolve(false);
    request.onblocked = () => resolve(false);
  });
}

/** The vault and its key, what the page remembers, and the page itself as kept for later. Resolves to whether all is gone. */
export async function eraseAll(): Promise<boolean> {
  localStorage.clear();
  sessionStorage.clear();
  const names = (await indexedDB.databases()).flatMap(({ name }) => (name === undefined ? [] : [name]));
  const gone = await Promise.all(names.map(deleted));
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
  const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  await Promise.all(workers.map((worker) => worker.unregister()));
  return gone.every(Boolean);
}
