/** Whether something that should stay as it is grows: samples, one a round, and how much a round may add. */
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** One look: numbers by what they count. */
export type Sample = Readonly<Record<string, number>>;

/** What grows a round by more than `limits` allow, in words; empty when nothing does. The first `warmUp` samples do not count. */
export function growth(samples: readonly Sample[], limits: Sample, warmUp: number): readonly string[] {
  const counted = samples.slice(warmUp);
  return Object.entries(limits).flatMap(([name, limit]) => {
    const values = counted.map((sample) => sample[name] ?? NaN);
    const found = slope(values);
    return found <= limit ? [] : [`${name} grows by ${found.toFixed(2)} a round, more than ${limit}: ${values.map(Math.round).join(" ")}`];
  });
}

/** The median of the slopes between every two values (Theil and Sen): a single peak does not move it. */
function slope(values: readonly number[]): number {
  const slopes = values.flatMap((later, at) => values.slice(0, at).map((earlier, before) => (later - earlier) / (at - before)));
  return slopes.sort((one, other) => one - other)[Math.floor(slopes.length / 2)] ?? NaN;
}

/** What a server holds: kB resident and open files of its process and of the media process, and kB in its folder without SQLite's write-ahead log, which grows to 4 MB and begins anew. */
export async function serverMemory(pid: number, data: string): Promise<Sample> {
  const media = await children(pid);
  return {
    resident: await resident([pid]),
    media: await resident(media),
    files: (await Promise.all([pid, ...media].map(async (each) => (await readdir(`/proc/${each}/fd`)).length))).reduce(sum, 0),
    stored: (await stored(data)) / 1000,
  };
}

async function children(pid: number): Promise<readonly number[]> {
  const lists = (await readdir(`/proc/${pid}/task`)).map((task) => readFile(`/proc/${pid}/task/${task}/children`, "utf8"));
  return (await Promise.all(lists)).join(" ").split(" ").filter(Boolean).map(Number);
}

async function resident(pids: readonly number[]): Promise<number> {
  const found = pids.map(async (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]));
  return (await Promise.all(found)).reduce(sum, 0);
}

async function stored(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries.filter((entry) => entry.isFile() && !entry.name.endsWith("-wal")).map(async (entry) =>
    stat(join(entry.parentPath, entry.name)).then(({ size }) => size, () => 0),
  );
  return (await Promise.all(sizes)).reduce(sum, 0);
}

function sum(one: number, other: number): number {
  return one + other;
}
