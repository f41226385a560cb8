/** Whether what a scene shows can be told apart. */

import { isVisibleOn } from "./colours.ts";
import { kindOf } from "./kinds.ts";
import { backgroundColours, type Scene } from "./scene.ts";

/** Whether kinds differ and every object can be made out. */
export function isClear({ groups, background }: Scene): boolean {
  if (new Set(groups.map((group) => group.kind)).size < groups.length) {
    return false;
  }
  return groups.every(({ kind, tint }) =>
    backgroundColours(background).every((name) =>
      isVisibleOn(tint ?? kindOf(kind).near, name)
    )
  );
}
