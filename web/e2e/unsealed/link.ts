/** What the unsealed build has in the place of a fragment that stays at home: a question to the server that holds it. */
import type { Link, LinkKeys } from "../../packages/client/src/meeting/link.ts";
import { formatLink, linkKeys as keysOf } from "../../packages/client/src/meeting/link.ts";

export { formatLink, LOBBY, OPEN_GENERATION, parseLink, UNTIL } from "../../packages/client/src/meeting/link.ts";

export async function linkKeys(link: Link): Promise<LinkKeys> {
  await fetch(formatLink(link).replace("/m#", "/v1/health?meeting="));
  return keysOf(link);
}
