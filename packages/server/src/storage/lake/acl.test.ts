import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  aclAllows,
  aclOfMode,
  changeAcl,
  completeAcl,
  formatAcl,
  formatPermissions,
  inheritedAcl,
  parseAcl,
  parseAclKeys,
  parsePermissions,
  withPermissions,
} from "./acl.ts";

const ann = "aaaaaaaa-0000-4000-8000-000000000001";
const bob = "bbbbbbbb-0000-4000-8000-000000000002";
const team = "cccccccc-0000-4000-8000-000000000003";

describe("access control lists", () => {
  it("come and go in short form", () => {
    const text = `user::rwx,user:${ann}:r-x,group::r--,mask::r-x,other::---,default:user::rwx`;
    assert.equal(formatAcl(parseAcl(text)), text);
    for (const bad of ["", "user::rw", "mask:x:rwx", "nobody::rwx", "user::rwx,user::r--"])
      assert.throws(() => parseAcl(bad), { code: "InvalidInput" }, bad);
  });

  it("are complete only with owner, group and other; named entries get a mask", () => {
    assert.throws(() => completeAcl(parseAcl("user::rwx,group::r-x")), { code: "InvalidInput" });
    const named = completeAcl(parseAcl(`user::rwx,user:${ann}:-w-,group::r-x,other::---`));
    assert.equal(named.find(({ type }) => type === "mask")?.bits, 7);
  });

  it("read permissions as letters and numbers and show the mask in the group's place", () => {
    assert.equal(parsePermissions("rwxr-x---"), 0o750);
    assert.equal(parsePermissions("0750"), 0o750);
    assert.equal(parsePermissions("rwxr-x--t"), 0o751);
    assert.throws(() => parsePermissions("rwx"), { code: "InvalidInput" });
    const masked = parseAcl(`user::rwx,user:${ann}:rwx,group::r-x,mask::r--,other::---`);
    assert.equal(formatPermissions(masked), "rwxr-----+");
    const changed = withPermissions(masked, 0o711);
    assert.equal(changed.find(({ type }) => type === "mask")?.bits, 1);
    assert.equal(changed.find(({ type, id }) => type === "group" && id === "")?.bits, 5);
  });

  it("pass their defaults on, limited by what the creator asks for; else the umask counts", () => {
    const plain = aclOfMode(0o755);
    const child = (isDirectory: boolean, mode?: number) =>
      formatPermissions(inheritedAcl({ parent: plain, isDirectory, mode, umask: undefined }));
    assert.equal(child(true), "rwxr-x---");
    assert.equal(child(false), "rw-r-----");
    assert.equal(child(true, 0o777), "rwxr-x---");
    const parent = parseAcl(
      `user::rwx,group::r-x,other::---,default:user::rwx,default:user:${ann}:rwx,default:group::r-x,default:mask::rwx,default:other::--x`,
    );
    const file = inheritedAcl({ parent, isDirectory: false, mode: undefined, umask: undefined });
    assert.equal(formatAcl(file), `user::rw-,user:${ann}:rwx,group::r-x,mask::rw-,other::---`);
    const directory = inheritedAcl({ parent, isDirectory: true, mode: undefined, umask: 0o777 });
    assert.equal(directory.filter(({ isDefault }) => isDefault).length, 5);
    assert.equal(formatPermissions(directory), "rwxrwx--x+");
  });

  it("are changed and shortened entry by entry", () => {
    const base = aclOfMode(0o750);
    const added = changeAcl(base, parseAcl(`user:${ann}:rwx`), "modify");
    assert.equal(formatAcl(added), `user::rwx,user:${ann}:rwx,group::r-x,mask::rwx,other::---`);
    const removed = changeAcl(added, parseAclKeys(`user:${ann}`), "remove");
    assert.ok(!removed.some(({ id }) => id === ann));
    assert.throws(() => changeAcl(base, parseAclKeys("user:"), "remove"), { code: "InvalidInput" });
  });

  it("decide by owner, then named user, then groups, then others", () => {
    const acl = `user::r--,user:${bob}:rwx,group::rw-,group:${team}:--x,mask::rw-,other::--x`;
    const rows: [string, string[], number, boolean][] = [
      [ann, [], 4, true],
      // The owner's own entry decides, even when others would give more.
      [ann, [team], 2, false],
      [bob, [], 6, true],
      // The mask takes execute from the named user.
      [bob, [], 1, false],
      ["someone", ["owners"], 6, true],
      ["someone", [team], 1, false],
      ["someone", [], 1, true],
      ["someone", [], 4, false],
    ];
    for (const [objectId, groupIds, bits, expected] of rows) {
      const principal = { objectId, groupIds };
      const options = { acl: parseAcl(acl), owner: ann, group: "owners", principal, bits };
      assert.equal(aclAllows(options), expected, `${objectId} ${groupIds} ${bits}`);
    }
  });
});
