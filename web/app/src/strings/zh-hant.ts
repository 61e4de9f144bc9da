/** Chinese in traditional characters, in Taiwan's words. People are addressed as 「你」; to seal is 「封緘」. */

import type { Alarm, Failure, SuiteName } from "@segel/client/state";
import type { DeviceProblem, ScreenProblem, Unsupported } from "@segel/media/state";
import { grammar } from "./grammar.js";
import type { Advice, Strings } from "./index.js";

const { plural, list } = grammar("zh-Hant");

const deviceProblems: Record<DeviceProblem, Advice> = {
  denied: {
    title: "瀏覽器未獲准分享裝置",
    text: "請在網址列旁允許此頁面使用攝影機和麥克風，再試一次。不開啟裝置也可以加入。",
  },
  none: {
    title: "找不到裝置",
    text: "請接上麥克風或攝影機後再試一次，或直接加入。",
  },
  busy: {
    title: "裝置正由其他程式使用",
    text: "請關閉其他通話或攝影機程式，再試一次。",
  },
  unplugged: {
    title: "裝置已拔除",
    text: "如果還有其他裝置，現在會改用它。可在「裝置」中選擇。",
  },
  insecure: {
    title: "此頁面不是以 https 開啟",
    text: "瀏覽器只讓安全的頁面使用裝置。請向這台伺服器的營運者索取 https 網址。",
  },
};

const screenProblems: Record<ScreenProblem, Advice> = {
  refused: {
    title: "沒有分享任何內容",
    text: "選擇視窗已關閉，或瀏覽器、系統不允許。再按一次即可選擇；若系統拒絕，請在系統設定中允許螢幕錄製。",
  },
  busy: {
    title: "無法擷取螢幕",
    text: "系統沒有提供畫面。請關閉其他正在錄製螢幕的程式，或改選一個視窗，然後再試一次。",
  },
  unsupported: {
    title: "這個瀏覽器無法分享螢幕",
    text: "手機瀏覽器不提供這項功能。請在電腦上用 Chromium 或 Firefox 開啟連結來分享。",
  },
};

const unsupported: Record<Unsupported, Advice> = {
  no_peer_connection: {
    title: "這個瀏覽器無法通話",
    text: "你可以用聊天參與。若需要聲音和影像，請用新版 Chromium 或 Firefox 開啟連結。",
  },
  no_encoded_transform: {
    title: "這個瀏覽器無法封緘聲音和影像",
    text: "Segel 絕不傳送未封緘的聲音和影像，所以你以聊天參與。新版 Chromium 或 Firefox 兩者皆可。",
  },
  insecure: {
    title: "此頁面不是以 https 開啟",
    text: "沒有 https，瀏覽器就不提供裝置與金鑰。請向這台伺服器的營運者索取 https 網址。",
  },
};

const alarms: Record<Alarm["kind"], Advice> = {
  forked: {
    title: "這台伺服器讓不同的人看到不同的紀錄",
    text: "你看到的可能和別人不同。請離開，並用其他方式約定一台你信任的伺服器。",
  },
  dropped: {
    title: "這台伺服器扣留了內容",
    text: "有一則訊息或群組變更沒有送達。請用其他方式詢問大家你漏掉了什麼。",
  },
  forgotten: {
    title: "這台伺服器失去了這場會議的紀錄",
    text: "會議可能已到期，或伺服器被還原到較早的狀態。會議會在新的群組中繼續；最後說的內容可能沒有送達所有人。",
  },
  "bad-commit": {
    title: "有一項群組變更無效",
    text: "Segel 已停止跟隨，因此這裡不會再收到新內容。請和大家另開新會議。",
  },
  "bad-message": {
    title: "有一則訊息不可信",
    text: "該訊息不予顯示。可能是有人傳送有誤，或試圖冒充他人。",
  },
};

const failures: Record<Failure["kind"], Advice> = {
  "bad-link": { title: "這個連結不完整", text: "連結有部分遺失或遭更動，或是屬於較新版的 Segel。請重新索取，並完整複製。" },
  "unknown-meeting": { title: "這裡沒有這場會議", text: "會議可能已結束，或連結屬於另一台伺服器。請索取新的連結。" },
  expired: { title: "這個連結已經失效", text: "它原本只能用到某一天，而那一天已經過了。請向給你連結的人要一個新的。" },
  refused: { title: "主持人沒有讓你進入", text: "這場會議的主持人拒絕了。如果你認為是誤會，請先聯絡對方，再敲一次門。" },
  banned: { title: "你無法再回到這場會議", text: "主持人已將你移出，並決定維持這樣。" },
  locked: { title: "這場會議已鎖定", text: "主持人目前不讓新的人進入。請稍後再試，或請主持人開放。" },
  closed: { title: "這個連結不再讓任何人進入", text: "建立者已將它收回，或期限已過。請向對方要一個新的連結。" },
  invitation: { title: "這台伺服器需要邀請碼", text: "由營運者決定誰可以開始會議。你提供的邀請碼不完整或已使用，請向營運者索取新的。" },
  "refused-commit": { title: "會議無法安全地繼續", text: "有一項群組變更未通過檢查，因此 Segel 已停止跟隨。" },
  server: { title: "伺服器目前無法處理", text: "伺服器如此回覆，或沒有回應。請稍候再試。" },
  unsupported: { title: "這個瀏覽器缺少必要功能", text: "Segel 需要新版 Chromium 或 Firefox，且不能使用封鎖儲存空間的私密視窗。" },
  internal: { title: "Segel 發生錯誤", text: "這是我們的問題。請重新載入頁面；在那之前，會議會照常進行。" },
};

const suites: Record<SuiteName, Advice> = {
  hybrid: {
    title: "後量子混合",
    text: "今天錄下這場會議的人，日後用量子電腦無法打開，用現在的電腦也無法打開。",
  },
  classic: {
    title: "傳統",
    text: "現在的電腦都無法打開。未來的量子電腦則有可能。",
  },
};

export const strings: Strings = {
  languages: {
    label: "語言",
  },
  home: {
    title: "只有與會者能打開的會議",
    text: "開始會議，傳送連結。聲音、影像和文字都在各自的瀏覽器中封緘；這台伺服器只負責轉送，自己打不開。",
    start: "開始會議",
    facts: ["不需帳號", "不需安裝", "從瀏覽器到瀏覽器全程封緘"],
    invitation: "邀請碼",
    invitationHint: "在這台伺服器上，由營運者決定誰可以開始會議。",
    invitationMissing: "請輸入你收到的邀請碼。",
  },
  door: {
    joinTitle: "你在門口",
    joinText: "進入之前：這是承載這場會議的伺服器。",
    startTitle: "你的新會議",
    startText: "開始之前：這是將承載會議的伺服器。",
    operator: "營運者",
    operatorSilent: "這台伺服器的營運者沒有表明身分。",
    location: "自稱位於",
    locationSilent: "沒有說明位置。",
    keeps: "保存內容",
    keepsSilent: "沒有說明保存什麼。",
    keepsUntil: "保存多久：",
    keepsCount: (count) => plural(count, { other: "# 項，各有期限" }),
    claim: "身分和位置由營運者自行聲明，Segel 無法查證。",
    contact: "聯絡方式",
    asking: "正在詢問伺服器的資訊…",
    gone: "伺服器沒有回應。請檢查網路連線；此頁面會持續嘗試。",
    name: "你的名字",
    nameHint: "其他人會看到這個名字。沒有人會查核。",
    nameMissing: "請寫下名字，讓大家知道是誰來了。",
    useDevices: "使用攝影機和麥克風",
    previewOff: "尚未開啟任何裝置",
    previewNoCamera: "攝影機已關閉",
    preview: "你的影像，其他人將看到的樣子",
    join: "加入",
    joinWithDevices: "開啟攝影機和麥克風並加入",
    startIt: "開始",
    startWithDevices: "開啟攝影機和麥克風並開始",
    quiet: "不開攝影機和麥克風，直接進入",
    textOnly: "只用聊天加入",
    tryAgain: "再試一次",
    busy: "正在開啟…",
  },
  devices: {
    title: "裝置",
    microphone: "麥克風",
    camera: "攝影機",
    speaker: "喇叭",
    standard: "由瀏覽器選擇",
    unnamed: (kind, index) => `${kind} ${index + 1}`,
    problems: deviceProblems,
    screenProblems,
    unsupported,
    muteOn: "關閉麥克風",
    muteOff: "開啟麥克風",
    cameraOn: "關閉攝影機",
    cameraOff: "開啟攝影機",
  },
  waiting: {
    connecting: "正在連線",
    connectingText: "請稍候。",
    answer: "會有人為你開門",
    answerText: "你的瀏覽器已敲門。對方的瀏覽器會確認你持有連結，然後開門；這需要一點時間。",
    nobody: "還沒有人在這裡",
    nobodyText: "一有人來，你就會自動進入。請讓此頁面保持開啟。",
    cancel: "不再等待",
  },
  meeting: {
    title: "會議",
    sealed: "已封緘",
    alarm: "警示",
    copyLink: "複製連結",
    copied: "已複製",
    copyRefused: "請從網址列複製",
    linkLabel: "這場會議的連結",
    aloneTitle: "還沒有其他人",
    aloneText: "把這個連結傳給該來的人。它就是門的鑰匙：有連結的人都可以敲門。",
    leave: "離開",
    chat: "聊天",
    chatUnread: (count) => `聊天，${plural(count, { other: "# 則未讀訊息" })}`,
    people: (count) => `成員，${count} 人`,
    devices: "裝置",
    share: "分享螢幕",
    stopSharing: "停止分享",
    screenOf: (name: string): string => `${name} 的螢幕`,
    stage: "這場會議的成員",
    controls: "控制列",
    you: "你",
    muted: "麥克風已關閉",
    away: "暫時沒有訊號",
    tile: (name, facts) => [name, ...facts].join("，"),
    speaking: "正在發言",
    close: "關閉",
  },
  chat: {
    title: "聊天",
    empty: "還沒有人寫任何內容。你寫的內容，只有這場會議的成員能讀。",
    placeholder: "撰寫訊息",
    send: "傳送",
    save: "儲存變更",
    actions: (name) => `對 ${name} 的訊息可做的操作`,
    reply: "回覆",
    edit: "編輯",
    remove: "刪除",
    react: (sign) => `以 ${sign} 回應`,
    reacted: (sign, others, you) => `${sign} 來自 ${list(you ? [...others, "你"] : others)}`,
    replying: (name) => `回覆 ${name}`,
    editing: "正在修改你的訊息",
    cancel: "取消",
    edited: "已修改",
    deleted: "這則訊息已刪除",
    gone: "不在這裡的訊息",
    sending: "傳送中",
    sent: "已傳送",
    failed: "未送出",
    today: "今天",
    yesterday: "昨天",
    tooLong: "內容太長，無法放進一則訊息。",
  },
  people: {
    title: "成員",
    text: "這份名單就是金鑰名單：名單上的人都能打開這場會議，其他人都不能。",
    key: "金鑰",
  },
  seal: {
    title: "封緘",
    text: "這裡所說、所展示、所寫的一切，都在各自的瀏覽器中封緘，只在其他成員的瀏覽器中打開。",
    alarmLead: "請勿信任目前狀態下的這場會議。",
    codeTitle: "比對代碼",
    codeText: "請互相朗讀。如果大家看到的數字都相同，你們就在同一場會議、使用相同的金鑰，中間沒有別人。",
    codeChanges: "每當有人進出，代碼就會改變。",
    codeMaking: "正在計算代碼…",
    people: (count) => plural(count, { other: "# 人在這裡" }),
    peopleText: "持有金鑰的正是名單上的人。",
    suites,
    suiteUnknown: "尚未約定",
    relay: "由這台伺服器轉送",
    relayText: "它轉送已封緘的聲音和影像，自己打不開。",
    drops: (count) => (count === 0 ? "沒有拒收任何封緘的影音框" : plural(count, { other: "已拒收 # 個封緘的影音框" })),
    dropsText: "無法以傳送者的金鑰打開的影音框，一律不顯示。更換金鑰前後出現少量屬於正常。",
    tierC: "你使用的是一般瀏覽器",
    tierCText: "一般瀏覽器每次載入都信任這台伺服器提供的程式碼。控制伺服器的人，可以只針對你送出遭更動的程式碼。",
    tierA: "你使用的是已安裝的 Segel",
    tierAText: "它的程式碼不是每次載入都來自這台伺服器。",
    seesTitle: "伺服器仍看得到什麼",
    sees: [
      "連線者的網路位址",
      "他們何時來、何時發言、何時離開",
      "傳送了多少內容，以及大小",
      "這些連線屬於同一場會議",
    ],
    alarms,
  },
  banner: {
    sharing: "您正在分享螢幕。",
    sharingSound: "您正在分享螢幕和聲音。",
    away: "連線中斷。Segel 正自行恢復；你寫的內容不會遺失。",
    media: "正在重新連接聲音和影像。這段時間仍可聊天。",
  },
  ended: {
    left: "你已離開會議",
    leftText: "你離開時，其他人已更換金鑰。他們現在說的話，你的瀏覽器打不開。",
    removed: "你已被移出會議",
    removedText: "會議中有人將你移出，或你這邊太久沒有回應。你可以再次敲門。",
    kicked: "主持人將你移出了這場會議",
    kickedText: "從現在起，那裡所說的話你的瀏覽器都無法解開。這個連結也不會再讓你進入。",
    endedForAll: "會議已為所有人結束",
    endedForAllText: "主持人結束了會議。主持人再來時，可以用同一個連結重新開始。",
    rejoin: "再次敲門",
    again: "再試一次",
    home: "回到首頁",
    notFound: {
      title: "這裡什麼都沒有",
      text: "這個網址在這台伺服器上沒有內容。如果這是會議連結，請重新索取，並完整複製。",
    },
    failures,
  },
  stopped: {
    insecure: {
      title: "此頁面不是以 https 開啟",
      text: "沒有 https，瀏覽器就不提供裝置與金鑰。請向這台伺服器的營運者索取 https 網址。",
    },
    keys: {
      title: "這個瀏覽器對 Segel 來說太舊了",
      text: "它無法產生防止訊息遭偽造的簽章。請更新瀏覽器，或用新版 Chromium 或 Firefox 開啟這個網址。",
    },
    outdated: {
      title: "此頁面比伺服器舊",
      text: "雙方已無法溝通。請載入新版本以繼續。",
    },
    renew: "載入新版本",
    ready: "Segel 有新版本。",
    others: "關閉其他 Segel 視窗後，就會換成新版本。",
  },
  announce: {
    joined: (name) => `${name} 進來了`,
    left: (name) => `${name} 離開了`,
    message: (name, text) => `${name} 寫道：${text}`,
    deleted: (name) => `${name} 刪除了一則訊息`,
    away: "連線中斷，正在恢復",
    back: "已重新連線",
  },
};
