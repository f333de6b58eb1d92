/** The mark: three streams become one. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0b7285" />
      <path
        d="M5 9c7 0 7 7 14 7M5 16h22M5 23c7 0 7-7 14-7"
        fill="none"
        stroke="#fff"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
    </svg>
  )
}
