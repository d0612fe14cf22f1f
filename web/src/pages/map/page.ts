import type { Page } from "../../lib/pages";

export const page: Page = { name: "map", order: 10, needs: "run", load: () => import("./view") };
