/** By what the DNS records that streamers make are told from others: whatever a dead one leaves is removed by the edge. */
export const recordComment = "tributary streamer"
