// Whether the test machine has a network. Sends nothing.
import { createSocket } from "node:dgram";

/** Documentation addresses (RFC 5737 and RFC 3849): they are routed like any public address. */
const nobody = [
  ["udp4", "198.51.100.1"],
  ["udp6", "2001:db8::1"],
];

/** Whether any route leads out of this machine; without one the application waits for the network. */
export async function online() {
  const ways = await Promise.all(nobody.map(([kind, address]) => leads(kind, address)));
  return ways.includes(true);
}

/** Whether the system has a route to this address. */
function leads(kind, address) {
  return new Promise((resolve) => {
    const socket = createSocket(kind);
    const end = (answer) => {
      socket.close();
      resolve(answer);
    };
    socket.once("error", () => end(false));
    socket.connect(9, address, (error) => end(!error));
  });
}
