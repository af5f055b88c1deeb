// What the machine of the tests can reach. Sends nothing.
import { createSocket } from "node:dgram";

/** Addresses that are nobody's (RFC 5737 and RFC 3849): where they would go is where any other goes. */
const nobody = [
  ["udp4", "198.51.100.1"],
  ["udp6", "2001:db8::1"],
];

/** Whether any route leads out of this machine; without one the application waits for the network. */
export async function online() {
  const ways = await Promise.all(nobody.map(([kind, address]) => leads(kind, address)));
  return ways.includes(true);
}

/** Whether the system has a route for packets to this address. */
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
