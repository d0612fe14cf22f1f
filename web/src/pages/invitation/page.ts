import type { Page } from "../../lib/pages";

export const page: Page = { name: "invitation", needs: "anyone", load: () => import("./view") };
