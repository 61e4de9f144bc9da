/** Brings a crowd into one meeting of a running server and stays until its input ends: `ORIGIN SIZE`. */
import { gather } from "../src/testing/headless.js";

const [origin = "", size = "10"] = process.argv.slice(2);
const { attendees, milliseconds, agree } = await gather(origin, Number(size), "hybrid");
console.log(JSON.stringify({ milliseconds: Math.round(milliseconds), agree }));
process.stdin.resume();
process.stdin.on("end", () => {
  for (const { client } of attendees) client.close();
  process.exit(0);
});
