/** The worker's entry file. */
import { startWorker } from "./worker.js";

startWorker(self);
