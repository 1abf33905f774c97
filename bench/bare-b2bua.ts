/**
 * The least that connects two calls: drachtio-srf's own createB2BUA on the embedded edge, without routing, billing
 * or records. The difference between this and the switch is what the switch's own work costs.
 * `node dist/bench/bare-b2bua.js <address> <sip port> <vendor address:port>`
 */
import Srf from 'drachtio-srf';
import { startEdge } from '../src/edge/edge.ts';

const [address = '127.0.9.1', sipPort = '18060', vendor = '127.0.9.3:18080'] = process.argv.slice(2);
const secret = 'bare';

const edge = await startEdge({ listen: [{ transport: 'udp', address, port: Number(sipPort) }], secret });
const srf = new Srf();
srf.connect({ host: edge.control.address, port: edge.control.port, secret });
srf.on('error', () => {});
srf.invite((req, res) => {
  srf
    .createB2BUA(req, res, `sip:442079460000@${vendor}`, {})
    .then(({ uas, uac }) => {
      uas.on('destroy', () => void uac.destroy());
      uac.on('destroy', () => void uas.destroy());
    })
    .catch(() => {});
});
srf.on('connect', () => process.stdout.write('serving\n'));
