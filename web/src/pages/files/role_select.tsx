/** The choice of what a layer of a file is used as. */

import { said } from "../../lib/texts";

export function RoleSelect({ roles, value, change, disabled = false, id }: { roles: { role: string; title: Record<string, string> }[]; value: string; change: (role: string) => void; disabled?: boolean; id?: string }) {
  const sorted = [...roles].sort((one, other) => said(one.title).localeCompare(said(other.title)));
  return (
    <select id={id} value={value} disabled={disabled} onChange={(event) => change(event.currentTarget.value)}>
      <option value="">–</option>
      {sorted.map((each) => <option key={each.role} value={each.role}>{said(each.title)} ({each.role})</option>)}
    </select>
  );
}
