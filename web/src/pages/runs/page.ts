import type { Page } from "../../lib/pages";

export const page: Page = { name: "runs", order: 30, needs: "study", load: () => import("./view") };
