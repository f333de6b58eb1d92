// Shows what /health tells, until the dashboard replaces this page.
const status = document.getElementById("status")
const table = document.querySelector("table")

async function show() {
  const response = await fetch("/health")
  const health = await response.json()
  status.textContent =
    health.status === "ok"
      ? `Running. ${health.channels ?? 0} channels.`
      : `Failing: ${health.failing.join(", ")}`
  table.hidden = health.imports.length === 0
  table.tBodies[0].replaceChildren(
    ...health.imports.map(({ source, phase, entries, error }) => {
      const row = document.createElement("tr")
      for (const text of [source, phase, entries, error?.message ?? ""]) {
        const cell = document.createElement("td")
        cell.textContent = String(text)
        row.append(cell)
      }
      return row
    }),
  )
}

async function repeat() {
  await show().catch(() => {
    status.textContent = "The edge does not answer."
  })
  setTimeout(repeat, 5000)
}

await repeat()
