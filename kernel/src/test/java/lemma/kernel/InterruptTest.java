package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lemma.kernel.KernelProcess.Answer;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.zeromq.ZMQ;

/** Cells that are stopped, clients that misbehave, input and shutdown. A hang is a failure: every test has a limit. */
@Timeout(120)
class InterruptTest {
    private static KernelProcess kernel;

    @BeforeAll
    static void start() throws Exception {
        kernel = new KernelProcess("-Xmx512m");
    }

    @AfterAll
    static void stop() throws Exception {
        kernel.close();
    }

    private static Answer stopped(String code) throws Exception {
        return stoppedCell("{ System.out.println(\"started\");\n" + code + "\n}");
    }

    private static Answer stoppedCell(String cell) throws Exception {
        Message running = kernel.submit(cell);
        kernel.awaitOutput(running);
        Message interrupt = kernel.send(kernel.control, "interrupt_request", new JsonObject());
        assertThat(kernel.reply(kernel.control, interrupt).content().get("status").getAsString()).isEqualTo("ok");
        Message reply = kernel.reply(kernel.shell, running);
        return new Answer(reply, kernel.untilIdle(running.id()));
    }

    private static void assertStopped(Answer answer) throws Exception {
        assertThat(answer.status()).isEqualTo("error");
        assertThat(answer.reply().content().get("ename").getAsString()).isEqualTo("Interrupted");
        assertThat(kernel.execute("6 * 7").result()).isEqualTo("42");
    }

    @Test
    void stopsAnEndlessLoop() throws Exception {
        assertStopped(stopped("while (true) { }"));
    }

    @Test
    void stopsALoopThatCatchesEveryException() throws Exception {
        assertStopped(stopped("while (true) { try { Thread.sleep(10); } catch (Exception e) { } }"));
    }

    @Test
    void stopsASleep() throws Exception {
        assertStopped(stopped("Thread.sleep(3_600_000);"));
    }

    @Test
    void stopsAnEndlessText() throws Exception {
        assertStopped(stoppedCell("System.out.println(\"started\");\nnew Object() { public String toString() { while (true) Thread.onSpinWait(); } }"));
    }

    @Test
    void stopsALibraryLoopThatPrintsOrShowsProgress() throws Exception {
        assertStopped(stopped("Stream.iterate(0, i -> i).forEach(System.out::print);"));
        assertStopped(stopped("String id = lemma.display.Display.show(lemma.display.Bundle.text(\"0\"));\n"
                + "BiConsumer<String, lemma.display.Bundle> update = lemma.display.Display::update;\n"
                + "Stream.generate(() -> lemma.display.Bundle.text(\"1\")).forEach(b -> update.accept(id, b));"));
    }

    @Test
    void stopsTraining() throws Exception {
        assertStopped(stopped("Trainer.of(Linear.of(64, 10).init(Random.seed(1)), Adam.of(1e-3)).loss(Losses::crossEntropy).epochs(1_000_000)\n"
                + "    .fit(Datasets.digits().x(), Datasets.digits().y());"));
    }

    @Test
    void stopsALongLoopOverMatrices() throws Exception {
        assertStopped(stopped("Tensor a = Random.seed(1).normal(400, 400);\nfor (long i = 0; i < 1L << 40; i++) a.matmul(a);"));
        assertStopped(stopped("Tensor b = Random.seed(1).normal(50, 50);\nStream.iterate(b, b::matmul).forEach(t -> { });"));
    }

    @Test
    void namesTheLineThatWasStopped() throws Exception {
        assertThat(stopped("\nThread.sleep(3_600_000);").traceback()).contains("line 3");
    }

    @Test
    void anInterruptWithNothingRunningDoesNothing() throws Exception {
        kernel.reply(kernel.control, kernel.send(kernel.control, "interrupt_request", new JsonObject()));
        assertThat(kernel.execute("Thread.sleep(50); 8").result()).isEqualTo("8");
    }

    /** A process started in the background by a script may inherit that SIGINT is ignored; a JVM then leaves it so. */
    private static boolean ignoresSigint() throws IOException {
        Path status = Path.of("/proc", Long.toString(kernel.process.pid()), "status");
        if (!Files.exists(status)) return false;
        String mask = Files.readAllLines(status).stream().filter(line -> line.startsWith("SigIgn:")).findFirst().orElse("SigIgn: 0").substring(7).strip();
        return (Long.parseUnsignedLong(mask, 16) & 2) != 0;
    }

    @Test
    void stopsOnSigint() throws Exception {
        assumeFalse(ignoresSigint(), "SIGINT is ignored by whoever started these tests");
        Message running = kernel.submit("{ System.out.println(\"started\"); while (true) { } }");
        kernel.awaitOutput(running);
        new ProcessBuilder("kill", "-INT", Long.toString(kernel.process.pid())).start().waitFor();
        assertStopped(kernel.answer(running));
    }

    @Test
    void saysWhenACallCannotBeStopped() throws Exception {
        Message running = kernel.submit("final Object lock = new Object();\n"
                + "Thread.ofPlatform().daemon().start(() -> { synchronized (lock) { try { Thread.sleep(4500); } catch (InterruptedException e) { } } });\n"
                + "{ Thread.sleep(300); System.out.println(\"started\"); synchronized (lock) { } }");
        kernel.awaitOutput(running);
        kernel.send(kernel.control, "interrupt_request", new JsonObject());
        Answer answer = kernel.answer(running);
        assertThat(answer.stream("stderr")).contains("The cell has not stopped: it runs in").contains("restart the kernel");
        assertStopped(answer);
    }

    @Test
    void ignoresBadMessagesWithoutHanging() throws Exception {
        for (ZMQ.Socket socket : List.of(kernel.shell, kernel.control)) {
            List<byte[]> frames = new ArrayList<>(kernel.wire.encode(Message.request("x", "execute_request", KernelProcess.content("1"))));
            frames.set(1, "0".repeat(64).getBytes());
            for (int i = 0; i < frames.size(); i++) socket.send(frames.get(i), i < frames.size() - 1 ? ZMQ.SNDMORE : 0);
            socket.send("garbage");
            socket.send("<IDS|MSG>");
        }
        kernel.shell.send("", 0);
        assertThat(kernel.execute("9").result()).isEqualTo("9");
        assertThat(kernel.reply(kernel.control, kernel.send(kernel.control, "kernel_info_request", new JsonObject())).type()).isEqualTo("kernel_info_reply");
        assertThat(kernel.request("execute_request", new JsonObject()).content().get("status").getAsString()).isEqualTo("error");
        assertThat(kernel.request("no_such_request", new JsonObject()).content().get("status").getAsString()).isEqualTo("error");
    }

    @Test
    void asksTheClientForInput() throws Exception {
        JsonObject content = KernelProcess.content("var scanner = new Scanner(System.in);\nscanner.nextLine() + \"|\" + scanner.nextInt()");
        content.addProperty("allow_stdin", true);
        Message running = kernel.send(kernel.shell, "execute_request", content);
        for (String line : List.of("first line", "12")) {
            Message asked = kernel.wire.receive(kernel.stdin);
            assertThat(asked.type()).isEqualTo("input_request");
            assertThat(asked.parentId()).isEqualTo(running.id());
            kernel.send(kernel.stdin, "input_reply", Json.object("value", line));
        }
        assertThat(kernel.answer(running).result()).isEqualTo("first line|12");
    }

    @Test
    void asksForAPassword() throws Exception {
        JsonObject content = KernelProcess.content("char[] key = readPassword(\"key: \");\nreadLine(\"name: \") + key.length + IO.readln()");
        content.addProperty("allow_stdin", true);
        Message running = kernel.send(kernel.shell, "execute_request", content);
        for (String[] dialogue : new String[][] {{"key: ", "true", "abc"}, {"name: ", "false", "Ann"}, {"", "false", "!"}}) {
            JsonObject asked = kernel.wire.receive(kernel.stdin).content();
            assertThat(asked.get("prompt").getAsString()).isEqualTo(dialogue[0]);
            assertThat(asked.get("password").getAsString()).isEqualTo(dialogue[1]);
            kernel.send(kernel.stdin, "input_reply", Json.object("value", dialogue[2]));
        }
        assertThat(kernel.answer(running).result()).isEqualTo("Ann3!");
    }

    @Test
    void stopsWaitingForInput() throws Exception {
        JsonObject content = KernelProcess.content("System.in.read()");
        content.addProperty("allow_stdin", true);
        Message running = kernel.send(kernel.shell, "execute_request", content);
        assertThat(kernel.wire.receive(kernel.stdin).type()).isEqualTo("input_request");
        kernel.send(kernel.control, "interrupt_request", new JsonObject());
        assertStopped(kernel.answer(running));
        kernel.send(kernel.stdin, "input_reply", Json.object("value", "late"));
        asksTheClientForInput();
    }

    @Test
    void readingWithoutAClientThatAnswersIsAnError() throws Exception {
        assertThat(kernel.execute("System.in.read()").traceback()).contains("this client gives no input");
    }

    @Test
    void stopsAReadFromAChannel() throws Exception {
        assertStopped(stopped("var server = java.nio.channels.ServerSocketChannel.open().bind(new java.net.InetSocketAddress(\"127.0.0.1\", 0));\n"
                + "try (server; var channel = java.nio.channels.SocketChannel.open(server.getLocalAddress())) {\n"
                + "    channel.read(java.nio.ByteBuffer.allocate(1)); }"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void stopsAReadFromASocket() throws Exception {
        Answer answer = stopped("try (var server = new java.net.ServerSocket(0); var socket = new java.net.Socket(\"127.0.0.1\", server.getLocalPort())) {\n"
                + "    int read = socket.getInputStream().read();\nSystem.out.println(\"went on\"); }");
        assertThat(answer.stream("stderr")).isEmpty();
        assertStopped(answer);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void stopsWaitingForAConnection() throws Exception {
        Answer answer = stopped("try (var server = new java.net.ServerSocket(0)) { server.accept(); }");
        assertThat(answer.stream("stderr")).isEmpty();
        assertStopped(answer);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void stopsAReadOfAProcesssOutput() throws Exception {
        for (String read : List.of("read()", "readAllBytes()")) {
            Answer answer = stopped("Process quiet = new ProcessBuilder(\"sleep\", \"100\").start();\n"
                    + "try { quiet.getInputStream()." + read + ";\nSystem.out.println(\"went on\"); } finally { quiet.destroy(); }");
            assertThat(answer.stream("stderr")).isEmpty();
            assertStopped(answer);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void stopsAWriteToAProcessThatReadsNothing() throws Exception {
        Answer answer = stopped("Process deaf = new ProcessBuilder(\"sleep\", \"100\").start();\n"
                + "try { deaf.getOutputStream().write(new byte[1 << 20]); } finally { deaf.destroy(); }");
        assertThat(answer.stream("stderr")).isEmpty();
        assertStopped(answer);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void leavesOtherProcessesAloneWhenItCutsOneOff() throws Exception {
        kernel.execute("Process other = new ProcessBuilder(\"cat\").start();");
        assertStopped(stopped("Process quiet = new ProcessBuilder(\"sleep\", \"100\").start();\n"
                + "try { quiet.getInputStream().read(); } finally { quiet.destroy(); }"));
        assertThat(kernel.execute("other.outputWriter().append(\"still here\\n\").flush();\nother.inputReader().readLine()").result()).isEqualTo("still here");
        kernel.execute("other.destroy();");
    }

    @Test
    void stopsWaitingForAPipe() throws Exception {
        assertStopped(stopped("new java.io.PipedInputStream(new java.io.PipedOutputStream()).read();"));
    }

    @Test
    void abortsWhatCameWhileACellCouldNotBeStopped() throws Exception {
        Message running = kernel.submit("final Object held = new Object();\n"
                + "Thread.ofPlatform().daemon().start(() -> { synchronized (held) { try { Thread.sleep(1500); } catch (InterruptedException e) { } } });\n"
                + "{ Thread.sleep(300); System.out.println(\"started\"); synchronized (held) { } }");
        kernel.awaitOutput(running);
        kernel.send(kernel.control, "interrupt_request", new JsonObject());
        JsonObject content = KernelProcess.content("5 * 5");
        Message later = kernel.send(kernel.shell, "execute_request", content);
        assertThat(kernel.reply(kernel.shell, later).content().get("status").getAsString()).isEqualTo("aborted");
        assertThat(kernel.answer(running).status()).isEqualTo("error");
        assertThat(kernel.execute("5 * 5").result()).isEqualTo("25");
    }

    @Test
    void showsWhatAThreadPrintsAfterItsCell() throws Exception {
        Message started = kernel.submit("Thread late = Thread.ofPlatform().daemon().start(() -> { try { Thread.sleep(700); } catch (InterruptedException e) { } "
                + "System.out.println(\"late\"); });");
        Answer answer = kernel.answer(started);
        assertThat(answer.stream("stdout")).isEmpty();
        kernel.awaitOutput(started);
    }

    @Test
    void aCellThatExitsIsAnsweredAndEndsTheKernel() throws Exception {
        try (KernelProcess other = new KernelProcess("-Xmx256m")) {
            Answer answer = other.execute("System.out.println(\"before\");\nSystem.exit(3);");
            assertThat(answer.stream("stdout")).isEqualTo("before\n");
            assertThat(answer.traceback()).contains("SystemExit: the cell called System.exit, which ends the kernel");
            assertThat(other.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(other.process.exitValue()).isEqualTo(3);
        }
    }

    @Test
    void endsCleanlyWhenToldToByTheSystem() throws Exception {
        try (KernelProcess other = new KernelProcess("-Xmx256m")) {
            other.execute("1");
            other.process.destroy();
            assertThat(other.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(other.process.exitValue()).isEqualTo(128 + 15);
        }
    }

    @Test
    void answersHeartbeats() {
        try (var context = new org.zeromq.ZContext(); ZMQ.Socket heart = context.createSocket(org.zeromq.SocketType.REQ)) {
            heart.setReceiveTimeOut(KernelProcess.TIMEOUT_MILLIS);
            heart.connect(kernel.connection.address(kernel.connection.heartbeat()));
            heart.send("beat");
            assertThat(heart.recvStr()).isEqualTo("beat");
        }
    }

    @Test
    void endsOnShutdownEvenWhileACellRuns() throws Exception {
        try (KernelProcess other = new KernelProcess("-Xmx256m")) {
            Message running = other.submit("{ System.out.println(\"started\"); while (true) { } }");
            other.awaitOutput(running);
            JsonObject reply = other.reply(other.control, other.send(other.control, "shutdown_request", Json.object("restart", true))).content();
            assertThat(reply.get("status").getAsString()).isEqualTo("ok");
            assertThat(reply.get("restart").getAsBoolean()).isTrue();
            assertThat(other.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(other.process.exitValue()).isZero();
        }
    }
}
