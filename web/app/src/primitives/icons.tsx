/** Icons as inline SVG, drawn on a grid of 24 with one stroke width. They are decoration: the control beside them is named. */

import type { ComponentChildren, VNode } from "preact";

type Icon = (props: { size?: number }) => VNode;

function icon(children: ComponentChildren, look?: string): Icon {
  return function Icon({ size = 22 }) {
    return (
      <svg
        class={look}
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        stroke-linejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        {children}
      </svg>
    );
  };
}

/** An icon that points the way that the text runs, and so the other way where it runs from right to left. */
function pointing(path: string): Icon {
  return icon(<path d={path} />, "pointing");
}

const microphone = (
  <>
    <rect x="9" y="3" width="6" height="11" rx="3" />
    <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />
  </>
);
const camera = (
  <>
    <rect x="2.5" y="6" width="13" height="12" rx="3" />
    <path d="m15.5 11 6-3.5v9l-6-3.5" />
  </>
);
const slash = <path d="M3.5 3.5l17 17" />;

export const MicrophoneIcon = icon(microphone);
export const MicrophoneOffIcon = icon(<>{microphone}{slash}</>);
export const CameraIcon = icon(camera);
export const CameraOffIcon = icon(<>{camera}{slash}</>);
export const DevicesIcon = icon(
  <>
    <path d="M4 7h9M17.5 7H20M4 17h2.5M11 17h9" />
    <circle cx="15" cy="7" r="2.3" />
    <circle cx="8.7" cy="17" r="2.3" />
  </>,
);
export const ChatIcon = icon(
  <path d="M20.5 11.5a7.5 7.5 0 0 1-7.5 7.5H5l-1.6 1.6V11.5A7.5 7.5 0 0 1 11 4h2a7.5 7.5 0 0 1 7.5 7.5ZM8.5 10h7M8.5 13.5h4.5" />,
);
export const ScreenIcon = icon(<><rect x="3" y="4.5" width="18" height="12" rx="2" /><path d="M12 13.5v-6M9.2 9.8 12 7l2.8 2.8M8.5 20h7" /></>);
export const PeopleIcon = icon(
  <>
    <circle cx="9" cy="8.5" r="3.5" />
    <path d="M2.5 19.5a6.5 6.5 0 0 1 13 0M16 5.3a3.5 3.5 0 0 1 0 6.4M18.2 14.4a6.5 6.5 0 0 1 3.3 5.1" />
  </>,
);
export const SealIcon = icon(
  <>
    <path d="M12 2.8 19.5 6v5.4c0 4.6-3 8.3-7.5 9.8-4.5-1.5-7.5-5.2-7.5-9.8V6Z" />
    <path d="m8.7 12 2.3 2.3 4.4-4.6" />
  </>,
);
export const AlarmIcon = icon(
  <>
    <path d="M12 3.5 21.5 20h-19Z" />
    <path d="M12 10v4.5M12 17.2v.1" />
  </>,
);
export const LinkIcon = icon(
  <path d="M10 14a4.5 4.5 0 0 0 6.4 0l3.3-3.3a4.5 4.5 0 0 0-6.4-6.4L12 5.6M14 10a4.5 4.5 0 0 0-6.4 0l-3.3 3.3a4.5 4.5 0 0 0 6.4 6.4l1.3-1.3" />,
);
export const LeaveIcon = pointing("M10 4H6.5A2.5 2.5 0 0 0 4 6.5v11A2.5 2.5 0 0 0 6.5 20H10M15.5 8l4 4-4 4M19.5 12H9.5");
export const CloseIcon = icon(<path d="m6 6 12 12M18 6 6 18" />);
export const SendIcon = pointing("M4.5 12 4 5l16 7-16 7 .5-7Zm0 0H12");
export const ReplyIcon = pointing("M9 6 4 11l5 5M4 11h9a7 7 0 0 1 7 7");
export const EditIcon = icon(<path d="m14.5 5.5 4 4L8.5 19.5H4.5v-4ZM12.5 7.5l4 4" />);
export const DeleteIcon = icon(
  <path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10.3 10.8v5M13.7 10.8v5" />,
);
export const ReactIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M8.5 14a4.2 4.2 0 0 0 7 0M9 9.6v.1M15 9.6v.1" />
  </>,
);
export const MoreIcon = icon(<><path d="M5 12h.01" /><path d="M12 12h.01" /><path d="M19 12h.01" /></>);
export const AttachIcon = icon(<path d="m19.5 11.5-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8-8a3.1 3.1 0 0 1 4.4 4.4l-8 8a1.5 1.5 0 0 1-2.2-2.2l7.2-7.2" />);
export const FileIcon = icon(<path d="M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5Zm0 0v5h5" />);
export const SaveIcon = icon(<path d="M12 4v10.5m-4-4 4 4 4-4M5 19.5h14" />);
export const PreviousIcon = pointing("m14.5 5.5-6.5 6.5 6.5 6.5");
export const NextIcon = pointing("m9.5 5.5 6.5 6.5-6.5 6.5");
export const ShowIcon = icon(
  <>
    <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z" />
    <circle cx="12" cy="12" r="3" />
  </>,
);
export const PauseIcon = icon(<path d="M8.5 6v12M15.5 6v12" />);
export const PlayIcon = icon(<path d="m8 5.5 10.5 6.5L8 18.5Z" />);
export const RetryIcon = icon(<path d="M19 12a7 7 0 1 1-2-5l2 2m0-4.500v4.500h-4.500" />);
export const HandIcon = icon(
  <path d="M7.5 12.5V6.3a1.4 1.4 0 0 1 2.8 0V11m0-6.3a1.4 1.4 0 0 1 2.8 0V11m0-5a1.4 1.4 0 0 1 2.8 0v6m0-3.6a1.4 1.4 0 0 1 2.8 0V15a6 6 0 0 1-6 6h-1.2a6 6 0 0 1-4.6-2.2L4.3 15a1.5 1.5 0 0 1 2.2-2Z" />,
);
export const PinIcon = icon(<path d="M9 4h6l-.8 6.2 3 2.6V15H6.8v-2.2l3-2.6ZM12 15v5.5" />);
export const GridIcon = icon(
  <>
    <rect x="3.5" y="4.5" width="7" height="6.5" rx="1.5" />
    <rect x="13.5" y="4.5" width="7" height="6.5" rx="1.5" />
    <rect x="3.5" y="13.5" width="7" height="6.5" rx="1.5" />
    <rect x="13.5" y="13.5" width="7" height="6.5" rx="1.5" />
  </>,
);
export const SpeakerViewIcon = icon(<><rect x="3.5" y="4.5" width="17" height="10" rx="1.5" /><path d="M5 19h2.5M10.8 19h2.5M16.5 19H19" /></>);
export const CheckIcon = icon(<path d="m5 12.5 4.5 4.5L19 7.5" />);
export const ClockIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 7.5V12l3 2" />
  </>,
);
export const InfoIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 11v5M12 8v.1" />
  </>,
);
export const ServerIcon = icon(
  <>
    <rect x="3.5" y="4" width="17" height="7" rx="2" />
    <rect x="3.5" y="13" width="17" height="7" rx="2" />
    <path d="M7.5 7.5v.1M7.5 16.5v.1" />
  </>,
);
export const PlaceIcon = icon(
  <>
    <path d="M12 21c4.5-4.4 7-7.8 7-11a7 7 0 0 0-14 0c0 3.2 2.5 6.6 7 11Z" />
    <circle cx="12" cy="10" r="2.5" />
  </>,
);
export const LanguageIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M3.5 12h17M12 3.5c2.3 2.3 3.4 5.2 3.4 8.5s-1.1 6.2-3.4 8.5c-2.3-2.3-3.4-5.2-3.4-8.5s1.1-6.2 3.4-8.5" />
  </>,
);
export const KeepsIcon = icon(
  <path d="M4 7.5h16v12H4ZM6 4.5h12l2 3H4ZM10 11.5h4" />,
);
/** A signal of three bars, of which two or one are there. */
export const FairIcon = icon(<><path d="M5 20v-4M12 20v-9" stroke-width="4" /><path d="M19 20V5" stroke-width="4" opacity="0.35" /></>);
export const PoorIcon = icon(<><path d="M5 20v-4" stroke-width="4" /><path d="M12 20v-9M19 20V5" stroke-width="4" opacity="0.35" /></>);

/** The product's mark: a sail that is also a seal. Its two fills come from the style sheet. */
export function Mark({ size = 28 }: { size?: number }): VNode {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <circle class="mark-ground" cx="16" cy="16" r="16" />
      <path class="mark-sail" d="M17.2 6.5c4.2 3 6.7 7.4 7.3 13h-7.3ZM14.8 9.8v9.7H8.2c1-3.7 3.2-7 6.6-9.7ZM7.5 22h17c-1 2-2.7 3.2-5 3.2h-7c-2.3 0-4-1.2-5-3.2Z" />
    </svg>
  );
}
