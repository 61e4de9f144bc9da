/** Prints what the suites cost in groups of 2, 10 and 50 (docs/decisions). */
import { Group } from "../src/group/group.js";
import { readKeyPackage } from "../src/group/key-package.js";
import { CLASSIC, HYBRID } from "../src/suites/suite.js";
import { bytes, found, keyPackage, OPENER } from "../test/people.js";

const AAD = bytes(72, 3);
for (const suite of [CLASSIC, HYBRID]) {
  for (const size of [2, 10, 50]) {
    const owns = []; let t = performance.now();
    for (let i = 1; i < size; i++) owns.push(await keyPackage(suite));
    const kp = (performance.now() - t) / owns.length;
    const founder = await found(suite, await keyPackage(suite));
    t = performance.now();
    const candidates = []; for (const own of owns) candidates.push(await readKeyPackage(suite, own.bytes));
    const read = performance.now() - t; t = performance.now();
    const staged = await founder.stage({ removed: [], added: candidates.map((each) => each.keyPackage) }, AAD);
    const stage = performance.now() - t; t = performance.now();
    const b = await Group.join(suite, staged.welcomes[0] ?? bytes(0, 0), owns[0]!, OPENER.publicKey);
    const join = performance.now() - t; t = performance.now();
    const c = await b.stage({ removed: [], added: [] }, AAD);
    const commit = performance.now() - t; t = performance.now();
    await staged.next.process(c.commit);
    const process = performance.now() - t;
    console.log(suite.name, size, `keypackage ${kp.toFixed(1)} read all ${read.toFixed(0)} add all ${stage.toFixed(0)} join ${join.toFixed(0)} commit ${commit.toFixed(0)} process ${process.toFixed(0)} ms; welcome ${staged.welcomes[0]?.length} commit ${staged.commit.length} / ${c.commit.length} B`);
  }
}
