import type { Page } from "../../lib/pages";

export const page: Page = { name: "people", order: 70, needs: "study", role: "owner", team: true, load: () => import("./view") };
