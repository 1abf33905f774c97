/**
 * An edge on its own, for programs that want to talk to one: drachtio-srf's own test-suite, sipp, a debugger.
 * Usage: node edge-standalone.js <address> <sip port> <control port> <secret>
 */
import { startEdge } from '../../src/edge/edge.ts';

const [address = '127.0.0.1', sipPort = '5060', controlPort = '9022', secret = 'cymru'] =
  process.argv.slice(2);

const edge = await startEdge({
  listen: [
    { transport: 'udp', address, port: Number(sipPort) },
    { transport: 'tcp', address, port: Number(sipPort) },
  ],
  control: { address, port: Number(controlPort) },
  secret,
});
console.log(JSON.stringify({ control: edge.control, listening: edge.listening }));

void edge.failed.then(error => {
  console.error(error);
  process.exitCode = 1;
});
process.on('SIGUSR2', () => {
  void edge.counters().then(counters => console.log(JSON.stringify(counters)));
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    void edge.counters().then(counters => {
      console.log(JSON.stringify(counters));
      return edge.close();
    });
  });
}
