/** A file's name, of which the end is never cut off: it says what the file is. */

import type { VNode } from "preact";
import { splitExtension } from "@segel/client/names";

export function FileName({ name }: { name: string }): VNode {
  const [stem, extension] = splitExtension(name);
  return <bdi class="file-name"><span class="clip">{stem}</span><span>{extension}</span></bdi>;
}
