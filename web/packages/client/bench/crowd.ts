/** Prints how long a crowd takes to come together: `crowd.ts ORIGIN SIZE SUITE`. */
import { gather } from "../src/testing/headless.js";
import { Server } from "../test/server.js";

const [size, suite] = [Number(process.env["SIZE"] ?? "50"), process.env["SUITE"] === "classic" ? "classic" : "hybrid"] as const;
const server = await Server.start();
const { milliseconds, epochs, agree, attendees } = await gather(server.origin, size, suite);
console.log(JSON.stringify({ size, suite, milliseconds: Math.round(milliseconds), epochs, agree, alarms: attendees.flatMap(({ meeting }) => meeting.state.seal.alarms) }));
for (const { client } of attendees) client.close();
await server.stop();
process.exit(0);
