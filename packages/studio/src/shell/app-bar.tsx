// The bar at the top: where one is, notifications, theme, who is signed in.

import {
  Button,
  CounterBadge,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  Text,
  tokens,
} from "@fluentui/react-components";
import {
  AlertRegular,
  PersonRegular,
  WeatherMoonRegular,
  WeatherSunnyRegular,
} from "@fluentui/react-icons";
import { Link } from "../control/link.tsx";
import { signOut } from "../sign-in/session.ts";
import { useAccount } from "./account.ts";
import { useNotifications } from "./notification.tsx";
import type { Face } from "./page.ts";
import { useTheme } from "./theme.tsx";

const useStyles = makeStyles({
  bar: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    padding: `0 ${tokens.spacingHorizontalL}`,
    background: tokens.colorNeutralBackground3,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  product: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, flexGrow: 1 },
  notices: { maxHeight: "60vh", overflow: "auto", width: "360px" },
  notice: { display: "grid", padding: `${tokens.spacingVerticalS} 0` },
});

export function AppBar({ face, className }: { face: Face; className: string }) {
  const styles = useStyles();
  const { name, toggle } = useTheme();
  return (
    <header className={`${styles.bar} ${className}`}>
      <div className={styles.product}>
        <img src="/studio/icon.svg" alt="" width={24} height={24} />
        <Link to="/" aria-label="Callosum home">
          Callosum
        </Link>
        <Text weight="semibold">{face.name}</Text>
      </div>
      <Notices />
      <Button
        appearance="subtle"
        icon={name === "dark" ? <WeatherSunnyRegular /> : <WeatherMoonRegular />}
        aria-label={name === "dark" ? "Use the light theme" : "Use the dark theme"}
        onClick={toggle}
      />
      <AccountMenu />
    </header>
  );
}

function AccountMenu() {
  const { name, userName } = useAccount();
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<PersonRegular />} aria-label={`Account: ${name}`}>
          {name}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem disabled>{userName}</MenuItem>
          <MenuItem onClick={signOut}>Sign out</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function Notices() {
  const styles = useStyles();
  const { notices, clear } = useNotifications();
  return (
    <Popover trapFocus>
      <PopoverTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          aria-label={`Notifications (${notices.length})`}
          icon={
            <span style={{ position: "relative" }}>
              <AlertRegular />
              {notices.length > 0 && (
                <CounterBadge
                  dot
                  size="small"
                  style={{ position: "absolute", top: -2, right: -2 }}
                />
              )}
            </span>
          }
        />
      </PopoverTrigger>
      <PopoverSurface aria-label="Notifications">
        <div className={styles.notices}>
          {notices.length === 0 && <Text>Nothing has happened yet.</Text>}
          {notices.map(({ id, title, text, intent, atMs }) => (
            <div key={id} className={styles.notice}>
              <Text weight="semibold">
                {intent === "error" ? "Failed: " : ""}
                {title}
              </Text>
              {text && <Text size={200}>{text}</Text>}
              <Text size={100}>{new Date(atMs).toLocaleTimeString()}</Text>
            </div>
          ))}
        </div>
        {notices.length > 0 && <Button onClick={clear}>Dismiss all</Button>}
      </PopoverSurface>
    </Popover>
  );
}
