/** The product's media worker, under the name by which the page's build finds it. */
import "@segel/media-worker/worker";
