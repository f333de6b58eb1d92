import { createSocket, type Socket } from "node:dgram"
import { once } from "node:events"
import {
  type Announced,
  answersTo,
  goodbyes,
  hellos,
  maxAgeSeconds,
  ssdpGroup,
  ssdpPort,
} from "./messages.ts"

export interface AnnounceOptions {
  /** Of the machine, to which the group is joined; left out: the system's choice. */
  interfaceAddress?: string
  port?: number
  /** Of what does not end it: the group cannot be reached, …. */
  onProblem: (message: string) => void
}

export interface Announcement {
  port: number
  /** Says goodbye, and resolves when the socket is closed. */
  close: () => Promise<void>
}

/**
 * Tells the local network of a device by SSDP, and answers who looks for one, until it is closed. Rejects when the port
 * cannot be had, or the group cannot be joined.
 */
export async function announce(
  device: Announced,
  { interfaceAddress, port = ssdpPort, onProblem }: AnnounceOptions,
): Promise<Announcement> {
  // Others on this machine listen to the group too.
  const socket = createSocket({ type: "udp4", reuseAddr: true })
  try {
    socket.bind(port)
    await once(socket, "listening")
    socket.addMembership(ssdpGroup, interfaceAddress)
    if (interfaceAddress !== undefined) socket.setMulticastInterface(interfaceAddress)
  } catch (error) {
    socket.close()
    throw error
  }
  socket.on("error", ({ message }) => onProblem(message))
  const send = (messages: readonly string[], to: { port: number; address: string }) =>
    Promise.all(messages.map((message) => sent(socket, message, to, onProblem)))
  socket.on("message", (bytes, from) => void send(answersTo(bytes.toString("latin1"), device), from))
  const { port: own } = socket.address()
  const group = { port: own, address: ssdpGroup }
  await send(hellos(device), group)
  // Twice in the time that others remember it, as one may be lost.
  const timer = setInterval(() => void send(hellos(device), group), (maxAgeSeconds * 1_000) / 2).unref()
  let closing: Promise<void> | undefined
  return {
    port: own,
    close: () => {
      closing ??= (async () => {
        clearInterval(timer)
        await send(goodbyes(device), group)
        socket.close()
        await once(socket, "close")
      })()
      return closing
    },
  }
}

function sent(
  socket: Socket,
  message: string,
  { port, address }: { port: number; address: string },
  onProblem: (message: string) => void,
): Promise<void> {
  return new Promise((resolve) => {
    socket.send(message, port, address, (error) => {
      if (error !== null) onProblem(error.message)
      resolve()
    })
  })
}
