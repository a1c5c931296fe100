package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lemma.kernel.KernelProcess.Answer;
import lemma.kernel.wire.Connection;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;
import lemma.kernel.wire.Wire;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Peers that send nonsense, too much, or in another's name. */
@Timeout(180)
class HostileTest {
    private static final int MESSAGES = 100_000;
    private static final List<String> TYPES = List.of("complete_request", "inspect_request", "history_request", "is_complete_request", "comm_info_request",
            "comm_open", "comm_msg", "comm_close", "kernel_info_request", "interrupt_request", "execute_request", "input_reply", "no_such_request", "");
    private static final List<String> FIELDS = List.of("code", "cursor_pos", "hist_access_type", "n", "comm_id", "target_name", "data", "silent",
            "user_expressions", "allow_stdin", "stop_on_error", "value", "pattern", "session", "start", "stop");

    @TempDir
    static Path folder;
    private static KernelProcess kernel;

    @BeforeAll
    static void start() throws Exception {
        kernel = new KernelProcess("-Xmx512m");
    }

    @AfterAll
    static void stop() throws Exception {
        kernel.close();
    }

    private static void send(ZMQ.Socket socket, List<byte[]> frames) {
        for (int i = 0; i < frames.size(); i++) socket.send(frames.get(i), i < frames.size() - 1 ? ZMQ.SNDMORE : 0);
    }

    private static ZMQ.Socket dealer(ZContext context, int port) {
        ZMQ.Socket socket = context.createSocket(SocketType.DEALER);
        socket.setReceiveTimeOut(KernelProcess.TIMEOUT_MILLIS);
        socket.connect(kernel.connection.address(port));
        return socket;
    }

    @Test
    void survivesAHundredThousandBadMessagesAndRunsNoneOfThem() throws Exception {
        Path canary = folder.resolve("canary");
        String attack = "java.nio.file.Files.writeString(java.nio.file.Path.of(\"" + canary + "\"), \"x\");";
        kernel.execute("int untouched = 42;");
        Random random = new Random(4);
        try (ZContext context = new ZContext()) {
            List<ZMQ.Socket> sockets = new ArrayList<>();
            for (int port : new int[] {kernel.connection.shell(), kernel.connection.control(), kernel.connection.stdin()}) sockets.add(dealer(context, port));
            for (int i = 0; i < MESSAGES; i++) {
                ZMQ.Socket socket = sockets.get(i % 200 == 0 ? 2 : random.nextInt(2)); // stdin takes little: nobody reads it before a cell asks
                send(socket, badMessage(random, attack));
                while (i % 100 == 0 && drains(sockets)) continue;
            }
            for (ZMQ.Socket socket : sockets.subList(0, 2)) awaitAnswer(socket);
        }
        assertThat(kernel.process.isAlive()).isTrue();
        assertThat(kernel.execute("untouched").result()).isEqualTo("42");
        assertThat(canary).doesNotExist();
    }

    private static boolean drains(List<ZMQ.Socket> sockets) {
        boolean any = false;
        for (ZMQ.Socket socket : sockets) any |= socket.recv(ZMQ.DONTWAIT) != null;
        return any;
    }

    /** Behind all that was sent before, a proper request is answered. */
    private static void awaitAnswer(ZMQ.Socket socket) throws Exception {
        Message last = Message.request("fuzz", "kernel_info_request", new JsonObject());
        kernel.wire.send(socket, last);
        for (Message reply = kernel.wire.receive(socket); ; reply = kernel.wire.receive(socket)) {
            assertThat(reply).as("an answer after the flood").isNotNull();
            if (reply.parentId().equals(last.id())) return;
        }
    }

    private static List<byte[]> badMessage(Random random, String attack) {
        if (random.nextInt(500) == 0) return kernel.wire.encode(strange(random));
        List<byte[]> frames = new ArrayList<>(kernel.wire.encode(Message.request("x", "execute_request", KernelProcess.content(attack))));
        switch (random.nextInt(6)) {
            case 0 -> frames.set(1, "".getBytes(StandardCharsets.US_ASCII));
            case 1 -> frames.get(1)[random.nextInt(64)] ^= 1;
            case 2 -> frames.get(2 + random.nextInt(4))[1] ^= (byte) (1 + random.nextInt(255));
            case 3 -> frames.subList(random.nextInt(frames.size() - 1), frames.size() - 1).clear();
            case 4 -> frames = Arrays.asList(noise(random), noise(random), noise(random));
            default -> frames.set(5, ("{\"code\":" + "[".repeat(random.nextInt(2000))).getBytes(StandardCharsets.US_ASCII));
        }
        return frames;
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Properly signed, but with fields of the wrong kind. */
    private static Message strange(Random random) {
        JsonObject content = new JsonObject();
        for (int i = random.nextInt(4); i > 0; i--) content.add(FIELDS.get(random.nextInt(FIELDS.size())), Json.of(strangeValue(random)));
        content.remove(random.nextBoolean() ? "code" : "cursor_pos");
        Message message = Message.request("fuzz", TYPES.get(random.nextInt(TYPES.size())), content);
        if (random.nextInt(4) == 0) message.header().add(random.nextBoolean() ? "username" : "msg_type", Json.of(strangeValue(random)));
        return message;
    }

    private static Object strangeValue(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> random.nextInt() * 1e300;
            case 2 -> List.of(Map.of());
            case 3 -> Map.of("a", List.of(1, "b"));
            case 4 -> random.nextBoolean();
            default -> new String(noise(random), StandardCharsets.ISO_8859_1);
        };
    }

    @Test
    void cutsOffAPeerThatSendsTooMuch() throws Exception {
        try (ZContext context = new ZContext()) {
            ZMQ.Socket socket = dealer(context, kernel.connection.shell());
            socket.setLinger(0);
            socket.send(new byte[80 << 20], 0); // more than an eighth of the kernel's heap
            assertThat(kernel.execute("1 + 1").result()).isEqualTo("2");
        }
        assertThat(kernel.execute("2 + 2").result()).isEqualTo("4");
    }

    @Test
    void anotherKeyRunsNothing() throws Exception {
        Connection c = kernel.connection;
        Wire stranger = new Wire(new Connection(c.transport(), c.ip(), c.shell(), c.iopub(), c.stdin(), c.control(), c.heartbeat(), "another key", c.scheme()));
        kernel.execute("int secret = 1;");
        try (ZContext context = new ZContext()) {
            ZMQ.Socket socket = dealer(context, c.shell());
            socket.setReceiveTimeOut(500);
            stranger.send(socket, Message.request("x", "execute_request", KernelProcess.content("secret = 2;")));
            assertThat(socket.recv(0)).isNull();
        }
        assertThat(kernel.execute("secret").result()).isEqualTo("1");
    }

    @Test
    void aClientThatGoesAwayHarmsNobody() throws Exception {
        try (ZContext context = new ZContext()) {
            ZMQ.Socket listener = context.createSocket(SocketType.SUB);
            listener.subscribe(new byte[0]);
            listener.connect(kernel.connection.address(kernel.connection.iopub()));
            ZMQ.Socket socket = dealer(context, kernel.connection.shell());
            kernel.wire.send(socket, Message.request("leaver", "execute_request",
                    KernelProcess.content("for (int i = 0; i < 200_000; i++) System.out.println(\"line \" + i);")));
            Thread.sleep(200);
        }
        assertThat(kernel.execute("3 + 3").result()).isEqualTo("6");
    }

    @Test
    void twoClientsShareOneSession() throws Exception {
        try (ZContext context = new ZContext()) {
            ZMQ.Socket second = dealer(context, kernel.connection.shell());
            List<Message> sent = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Message request = Message.request("second", "execute_request", KernelProcess.content("int ofSecond" + i + " = " + i + ";"));
                kernel.wire.send(second, request);
                sent.add(request);
                Answer mine = kernel.execute("int ofFirst = " + i + "; ofFirst");
                assertThat(mine.result()).isEqualTo(Integer.toString(i));
            }
            for (Message request : sent) assertThat(kernel.wire.receive(second).parentId()).isEqualTo(request.id());
        }
        assertThat(kernel.execute("ofSecond9 + ofFirst").result()).isEqualTo("18");
    }
}
