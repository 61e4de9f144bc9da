/** Brings so many people together in one meeting of a server, and prints how long it took: `crowd.mjs ORIGIN SIZE SUITE`. */
import { gather } from "../src/testing/headless.js";

const [origin = "", size = "50", suite = "hybrid"] = process.argv.slice(2);
const { milliseconds, epochs, agree, attendees } = await gather(origin, Number(size), suite === "classic" ? "classic" : "hybrid");
const alarms = attendees.flatMap(({ meeting }) => meeting.state.seal.alarms);
process.stdout.write(`${JSON.stringify({ milliseconds, epochs, agree: agree && alarms.length === 0 })}\n`);
process.exit(0);
