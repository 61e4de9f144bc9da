/** A store that lasts as long as the program. */
import type { Store } from "./surroundings.js";

export function memoryStore(): Store {
  const values = new Map<string, Uint8Array>();
  return {
    get: async (name) => values.get(name) ?? null,
    put: async (name, value) => void values.set(name, Uint8Array.from(value)),
    delete: async (name) => void values.delete(name),
    list: async (prefix) => [...values].filter(([name]) => name.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}
