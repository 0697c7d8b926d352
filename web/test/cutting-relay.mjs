/** A TCP relay that cuts connections at random bytes, like a bad network. */
import { connect, createServer } from "node:net";

export class CuttingRelay {
  /** Connections from now on are cut after at most so many bytes; 0: never. */
  within = 0;
  cuts = 0;
  /** Whether clients that come back are strangers: the tokens of their sessions arrive as others. */
  estranges = false;
  #upstream;
  #server;
  #passages = new Set();

  constructor(upstream) {
    this.#upstream = upstream;
  }

  async start() {
    this.#server = createServer((client) => this.#relay(client));
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get port() {
    return this.#server.address().port;
  }

  cutAll() {
    for (const end of [...this.#passages]) end();
  }

  async stop() {
    this.within = 0;
    this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #relay(client) {
    const server = connect(this.#upstream, "127.0.0.1");
    let left = this.within > 0 ? Math.floor(Math.random() * this.within) : Infinity;
    const end = () => {
      if (!this.#passages.delete(end)) return;
      this.cuts += 1;
      client.destroy();
      server.destroy();
    };
    this.#passages.add(end);
    for (const [from, to] of [[client, server], [server, client]]) {
      from.setNoDelay(true);
      from.on("data", (bytes) => {
        to.write((this.estranges ? estranged(bytes) : bytes).subarray(0, left));
        left -= bytes.length;
        if (left < 0) setImmediate(end);
      });
      from.on("error", () => {});
      from.on("close", end);
    }
  }
}

function estranged(bytes) {
  const text = bytes.toString("latin1");
  return Buffer.from(text.replace(/(troupe\.resume\.)[0-9a-f]{32}/, `$1${"0".repeat(32)}`), "latin1");
}
