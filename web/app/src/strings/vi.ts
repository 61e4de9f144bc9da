/** Vietnamese. People are addressed as "bạn"; to seal is "niêm phong". */

import type { Alarm, Failure, SuiteName } from "@segel/client/state";
import type { DeviceProblem, ScreenProblem, Unsupported } from "@segel/media/state";
import { grammar } from "./grammar.js";
import type { Advice, Strings } from "./index.js";

const { plural, list } = grammar("vi");

const deviceProblems: Record<DeviceProblem, Advice> = {
  denied: {
    title: "Trình duyệt của bạn không được phép chia sẻ",
    text: "Hãy cho phép trang này dùng camera và micro ở cạnh thanh địa chỉ rồi thử lại. Bạn cũng có thể vào mà không cần chúng.",
  },
  none: {
    title: "Không tìm thấy thiết bị",
    text: "Hãy cắm micro hoặc camera rồi thử lại, hoặc vào mà không cần chúng.",
  },
  busy: {
    title: "Một chương trình khác đang dùng thiết bị",
    text: "Hãy đóng cuộc gọi hoặc chương trình camera kia rồi thử lại.",
  },
  unplugged: {
    title: "Thiết bị đã bị rút ra",
    text: "Nếu có thiết bị khác thì thiết bị đó đang được dùng. Chọn trong mục Thiết bị.",
  },
  insecure: {
    title: "Trang này không được mở qua https",
    text: "Trình duyệt chỉ chia sẻ thiết bị với trang an toàn. Hãy hỏi người vận hành máy chủ này địa chỉ https.",
  },
};

const screenProblems: Record<ScreenProblem, Advice> = {
  refused: {
    title: "Không có gì được chia sẻ",
    text: "Hộp chọn đã bị đóng, hoặc trình duyệt hay hệ thống không cho phép. Nhấn lại để chọn; nếu hệ thống từ chối, hãy cho phép ghi màn hình trong phần cài đặt.",
  },
  busy: {
    title: "Không lấy được hình màn hình",
    text: "Hệ thống của bạn không cung cấp. Hãy đóng các chương trình khác đang ghi màn hình, hoặc chọn một cửa sổ, rồi thử lại.",
  },
  unsupported: {
    title: "Trình duyệt này không chia sẻ được màn hình",
    text: "Trình duyệt trên điện thoại không hỗ trợ. Hãy mở liên kết bằng Chromium hoặc Firefox trên máy tính để chia sẻ từ đó.",
  },
};

const unsupported: Record<Unsupported, Advice> = {
  no_peer_connection: {
    title: "Trình duyệt này không gọi được",
    text: "Bạn có thể tham gia bằng trò chuyện. Để có âm thanh và hình ảnh, hãy mở liên kết bằng Chromium hoặc Firefox bản mới.",
  },
  no_encoded_transform: {
    title: "Trình duyệt này không niêm phong được âm thanh và hình ảnh",
    text: "Segel không bao giờ gửi chúng khi chưa niêm phong, nên bạn tham gia bằng trò chuyện. Chromium hoặc Firefox bản mới làm được cả hai.",
  },
  insecure: {
    title: "Trang này không được mở qua https",
    text: "Không có https, trình duyệt không cung cấp thiết bị cũng như khóa. Hãy hỏi người vận hành máy chủ này địa chỉ https.",
  },
};

const alarms: Record<Alarm["kind"], Advice> = {
  forked: {
    title: "Máy chủ này cho mỗi người thấy một lịch sử khác nhau",
    text: "Những gì bạn thấy có thể không phải những gì người khác thấy. Hãy rời đi và hẹn nhau bằng cách khác trên một máy chủ mà bạn tin cậy.",
  },
  dropped: {
    title: "Máy chủ này đã giữ lại điều gì đó",
    text: "Một tin nhắn hoặc một thay đổi của nhóm đã không đến nơi. Hãy hỏi những người khác bằng cách khác xem bạn đã bỏ lỡ gì.",
  },
  forgotten: {
    title: "Máy chủ này đã mất dấu cuộc họp",
    text: "Cuộc họp đã hết hạn, hoặc máy chủ đã được đưa về trạng thái trước đó. Cuộc họp tiếp tục trong một nhóm mới; những gì nói sau cùng có thể chưa đến với mọi người.",
  },
  "bad-commit": {
    title: "Một thay đổi của nhóm không hợp lệ",
    text: "Segel đã ngừng theo nhóm, nên không có gì mới đến đây nữa. Hãy bắt đầu một cuộc họp mới với những người khác.",
  },
  "bad-message": {
    title: "Một tin nhắn không đáng tin",
    text: "Tin nhắn đó không được hiển thị. Ai đó đã gửi sai, hoặc đã tìm cách mạo danh người khác.",
  },
};

const failures: Record<Failure["kind"], Advice> = {
  "bad-link": { title: "Liên kết này không đầy đủ", text: "Một phần bị thiếu hoặc bị thay đổi, hoặc liên kết dành cho bản Segel mới hơn. Hãy xin lại và sao chép toàn bộ." },
  "unknown-meeting": { title: "Cuộc họp này không có ở đây", text: "Có thể nó đã kết thúc, hoặc liên kết thuộc về máy chủ khác. Hãy xin một liên kết mới." },
  expired: { title: "Liên kết này không còn hiệu lực", text: "Liên kết được tạo để dùng đến một ngày nhất định, và ngày đó đã qua. Hãy xin người đã gửi một liên kết mới." },
  refused: { title: "Bạn không được cho vào", text: "Chủ phòng của cuộc họp này đã từ chối. Nếu bạn nghĩ đó là nhầm lẫn, hãy hỏi họ rồi gõ cửa lại." },
  banned: { title: "Bạn không thể quay lại cuộc họp này", text: "Chủ phòng đã đưa bạn ra, và đã chọn giữ nguyên như vậy." },
  locked: { title: "Cuộc họp này đã khóa", text: "Lúc này chủ phòng không cho người mới vào. Hãy thử lại sau, hoặc nhờ họ mở." },
  closed: { title: "Liên kết này không còn cho ai vào", text: "Người tạo đã thu hồi nó, hoặc thời hạn đã hết. Hãy xin họ một liên kết mới." },
  invitation: { title: "Máy chủ này yêu cầu lời mời", text: "Người vận hành quyết định ai được bắt đầu cuộc họp. Lời mời bạn đưa không đầy đủ hoặc đã dùng rồi: hãy xin họ một lời mời khác." },
  "refused-commit": { title: "Cuộc họp không thể tiếp tục một cách an toàn", text: "Một thay đổi của nhóm không qua được kiểm tra, nên Segel đã ngừng theo." },
  server: { title: "Máy chủ chưa làm được việc này", text: "Máy chủ tự báo như vậy, hoặc không trả lời. Hãy thử lại sau giây lát." },
  unsupported: { title: "Trình duyệt này còn thiếu tính năng", text: "Segel cần Chromium hoặc Firefox bản mới, ngoài cửa sổ riêng tư chặn việc lưu trữ." },
  internal: { title: "Segel đã gặp lỗi", text: "Đây là lỗi của chúng tôi. Hãy tải lại trang; trong lúc đó cuộc họp tiếp tục mà không có bạn." },
};

const suites: Record<SuiteName, Advice> = {
  hybrid: {
    title: "Lai hậu lượng tử",
    text: "Ai ghi lại cuộc họp này hôm nay cũng không thể mở nó, dù sau này bằng máy tính lượng tử hay bằng máy tính hiện nay.",
  },
  classic: {
    title: "Cổ điển",
    text: "Không ai mở được bằng máy tính hiện nay. Máy tính lượng tử trong tương lai thì có thể.",
  },
};

export const strings: Strings = {
  languages: {
    label: "Ngôn ngữ",
  },
  home: {
    title: "Cuộc họp chỉ người trong cuộc mở được",
    text: "Bắt đầu cuộc họp, gửi liên kết. Âm thanh, hình ảnh và chữ viết được niêm phong trong từng trình duyệt; máy chủ này chuyển tiếp những gì nó không mở được.",
    start: "Bắt đầu cuộc họp",
    facts: ["Không cần tài khoản", "Không cần cài đặt", "Niêm phong từ trình duyệt đến trình duyệt"],
    invitation: "Lời mời",
    invitationHint: "Trên máy chủ này, người vận hành quyết định ai được bắt đầu cuộc họp.",
    invitationMissing: "Hãy nhập lời mời mà bạn đã nhận.",
  },
  door: {
    joinTitle: "Bạn đang ở trước cửa",
    joinText: "Trước khi vào: đây là máy chủ chuyển tiếp cuộc họp.",
    startTitle: "Cuộc họp mới của bạn",
    startText: "Trước khi bắt đầu: đây là máy chủ sẽ chuyển tiếp cuộc họp.",
    operator: "Vận hành bởi",
    operatorSilent: "Người vận hành máy chủ này chưa cho biết họ là ai.",
    location: "Tự nhận ở",
    locationSilent: "Chưa cho biết.",
    keeps: "Lưu giữ",
    keepsSilent: "Chưa cho biết.",
    keepsUntil: "Trong bao lâu:",
    keepsCount: (count) => plural(count, { other: "# mục, có thời hạn" }),
    claim: "Ai và ở đâu là lời của chính người vận hành. Segel không kiểm tra được.",
    contact: "Liên hệ",
    asking: "Đang hỏi thông tin của máy chủ…",
    gone: "Máy chủ không trả lời. Hãy kiểm tra kết nối của bạn; trang này vẫn tiếp tục thử.",
    name: "Tên của bạn",
    nameHint: "Tên mà người khác sẽ thấy. Không ai kiểm tra.",
    nameMissing: "Hãy viết tên, để người khác biết ai đã đến.",
    useDevices: "Dùng camera và micro",
    previewOff: "Chưa bật gì",
    previewNoCamera: "Camera đang tắt",
    preview: "Hình của bạn, như người khác sẽ thấy",
    join: "Vào họp",
    joinWithDevices: "Vào họp với camera và micro",
    startIt: "Bắt đầu",
    startWithDevices: "Bắt đầu với camera và micro",
    quiet: "Vào không cần camera và micro",
    textOnly: "Chỉ vào bằng trò chuyện",
    tryAgain: "Thử lại",
    busy: "Đang mở…",
  },
  devices: {
    title: "Thiết bị",
    microphone: "Micro",
    camera: "Camera",
    speaker: "Loa",
    standard: "Theo trình duyệt",
    unnamed: (kind, index) => `${kind} ${index + 1}`,
    problems: deviceProblems,
    screenProblems,
    unsupported,
    muteOn: "Tắt micro",
    muteOff: "Bật micro",
    cameraOn: "Tắt camera",
    cameraOff: "Bật camera",
  },
  waiting: {
    connecting: "Đang kết nối",
    connectingText: "Xin chờ một chút.",
    answer: "Sẽ có người mở cửa cho bạn",
    answerText: "Trình duyệt của bạn đã gõ cửa. Trình duyệt của họ kiểm tra rằng bạn có liên kết rồi mở cửa; việc này mất một lát.",
    nobody: "Chưa có ai ở đây",
    nobodyText: "Bạn sẽ tự động vào ngay khi có người. Hãy để trang này mở.",
    cancel: "Thôi chờ",
  },
  meeting: {
    title: "Cuộc họp",
    sealed: "Đã niêm phong",
    alarm: "Báo động",
    copyLink: "Sao chép liên kết",
    copied: "Đã sao chép",
    copyRefused: "Hãy sao chép từ thanh địa chỉ",
    linkLabel: "Liên kết đến cuộc họp này",
    aloneTitle: "Chưa có ai khác ở đây",
    aloneText: "Hãy gửi liên kết này cho những người cần đến. Nó là chìa khóa của cửa: ai có nó đều có thể gõ cửa.",
    leave: "Rời cuộc họp",
    chat: "Trò chuyện",
    chatUnread: (count) => `Trò chuyện, ${plural(count, { other: "# tin nhắn chưa đọc" })}`,
    people: (count) => `Mọi người, ${count}`,
    devices: "Thiết bị",
    share: "Chia sẻ màn hình",
    stopSharing: "Dừng chia sẻ",
    screenOf: (name: string): string => `Màn hình của ${name}`,
    stage: "Những người trong cuộc họp này",
    controls: "Điều khiển",
    you: "Bạn",
    muted: "Micro đang tắt",
    away: "Không nghe thấy trong giây lát",
    tile: (name, facts) => [name, ...facts].join(", "),
    speaking: "đang nói",
    close: "Đóng",
  },
  chat: {
    title: "Trò chuyện",
    empty: "Chưa có ai viết gì. Chỉ những người trong cuộc họp này đọc được điều bạn viết.",
    placeholder: "Viết tin nhắn",
    send: "Gửi",
    save: "Lưu thay đổi",
    actions: (name) => `Thao tác với tin nhắn của ${name}`,
    reply: "Trả lời",
    edit: "Sửa",
    remove: "Xóa",
    react: (sign) => `Bày tỏ ${sign}`,
    reacted: (sign, others, you) => `${sign} từ ${list(you ? [...others, "bạn"] : others)}`,
    replying: (name) => `Trả lời ${name}`,
    editing: "Đang sửa tin nhắn của bạn",
    cancel: "Hủy",
    edited: "đã sửa",
    deleted: "Tin nhắn này đã bị xóa",
    gone: "Một tin nhắn không có ở đây",
    sending: "Đang gửi",
    sent: "Đã gửi",
    failed: "Chưa gửi được",
    today: "Hôm nay",
    yesterday: "Hôm qua",
    tooLong: "Nội dung quá dài cho một tin nhắn.",
  },
  people: {
    title: "Mọi người",
    text: "Danh sách này là danh sách khóa: ai có tên đều mở được cuộc họp, và ngoài họ không ai mở được.",
    key: "Khóa",
  },
  seal: {
    title: "Niêm phong",
    text: "Những gì được nói, được cho xem và được viết ở đây được niêm phong trong từng trình duyệt và chỉ được mở trong trình duyệt của những người khác.",
    alarmLead: "Đừng tin cuộc họp này như hiện tại.",
    codeTitle: "So sánh mã",
    codeText: "Hãy đọc mã cho nhau nghe. Nếu mọi người thấy cùng các chữ số, các bạn đang ở cùng một cuộc họp với cùng các khóa, và không ai chen vào giữa.",
    codeChanges: "Mã thay đổi mỗi khi có người đến hoặc đi.",
    codeMaking: "Đang tính mã…",
    people: (count) => plural(count, { other: "# người đang ở đây" }),
    peopleText: "Chỉ đúng những người trong danh sách giữ khóa.",
    suites,
    suiteUnknown: "Chưa thỏa thuận",
    relay: "Được máy chủ này chuyển tiếp",
    relayText: "Máy chủ chuyển tiếp âm thanh và hình ảnh đã niêm phong mà nó không mở được.",
    drops: (count) => (count === 0 ? "Không khung niêm phong nào bị từ chối" : plural(count, { other: "# khung niêm phong đã bị từ chối" })),
    dropsText: "Khung không mở được bằng khóa của người gửi không bao giờ được hiển thị. Một vài khung như vậy quanh lúc đổi khóa là bình thường.",
    tierC: "Bạn đang dùng trình duyệt thông thường",
    tierCText: "Mỗi lần tải trang, trình duyệt thông thường tin mã chương trình của máy chủ này. Ai kiểm soát máy chủ có thể gửi mã đã bị sửa đổi, chỉ nhắm vào bạn.",
    tierA: "Bạn đang dùng bản Segel đã cài đặt",
    tierAText: "Mã chương trình không đến từ máy chủ này mỗi lần tải.",
    seesTitle: "Những gì máy chủ vẫn thấy",
    sees: [
      "Địa chỉ mạng của những người đang kết nối",
      "Khi nào họ đến, nói và rời đi",
      "Gửi bao nhiêu, kích thước ra sao",
      "Rằng các kết nối này thuộc về cùng một cuộc họp",
    ],
    alarms,
  },
  banner: {
    sharing: "Bạn đang chia sẻ màn hình.",
    sharingSound: "Bạn đang chia sẻ màn hình và âm thanh của nó.",
    away: "Mất kết nối. Segel sẽ tự kết nối lại; những gì bạn viết không bị mất.",
    media: "Đang kết nối lại âm thanh và hình ảnh. Trong lúc đó vẫn trò chuyện được.",
  },
  ended: {
    left: "Bạn đã rời cuộc họp",
    leftText: "Những người khác đã đổi khóa khi bạn đi. Những gì họ nói bây giờ, trình duyệt của bạn không mở được.",
    removed: "Bạn đã bị đưa ra khỏi cuộc họp",
    removedText: "Ai đó trong cuộc họp, hoặc sự im lặng kéo dài từ phía bạn, đã đưa bạn ra. Bạn có thể gõ cửa lại.",
    kicked: "Chủ phòng đã đưa bạn ra khỏi cuộc họp",
    kickedText: "Những gì được nói ở đó từ bây giờ, trình duyệt của bạn không mở được. Liên kết này không cho bạn vào lại.",
    endedForAll: "Cuộc họp đã kết thúc cho mọi người",
    endedForAllText: "Chủ phòng đã kết thúc cuộc họp. Nó có thể bắt đầu lại bằng cùng liên kết khi chủ phòng đến.",
    rejoin: "Gõ cửa lại",
    again: "Thử lại",
    home: "Về trang đầu",
    notFound: {
      title: "Không có gì ở đây",
      text: "Địa chỉ này không dẫn đến đâu trên máy chủ này. Nếu đây là liên kết đến cuộc họp, hãy xin lại và sao chép toàn bộ.",
    },
    failures,
  },
  stopped: {
    insecure: {
      title: "Trang này không được mở qua https",
      text: "Không có https, trình duyệt không cung cấp thiết bị cũng như khóa. Hãy hỏi người vận hành máy chủ này địa chỉ https.",
    },
    keys: {
      title: "Trình duyệt này quá cũ đối với Segel",
      text: "Nó không tạo được chữ ký giúp tin nhắn không bị giả mạo. Hãy cập nhật, hoặc mở địa chỉ này bằng Chromium hoặc Firefox bản mới.",
    },
    outdated: {
      title: "Trang này cũ hơn máy chủ của nó",
      text: "Hai bên không còn hiểu nhau. Hãy tải phiên bản mới để tiếp tục.",
    },
    renew: "Tải phiên bản mới",
    ready: "Đã có phiên bản Segel mới.",
    others: "Phiên bản mới sẽ đến khi các cửa sổ Segel khác được đóng.",
  },
  announce: {
    joined: (name) => `${name} đã vào`,
    left: (name) => `${name} đã rời đi`,
    message: (name, text) => `${name} viết: ${text}`,
    deleted: (name) => `${name} đã xóa một tin nhắn`,
    away: "Mất kết nối, đang kết nối lại",
    back: "Đã kết nối lại",
  },
};
