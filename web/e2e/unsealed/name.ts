/** What the credulous build has in the place of cleaned names: the names that others give. */
export { splitExtension } from "../../packages/client/src/files/name.ts";

export function cleanFileName(name: string): string {
  return name;
}
