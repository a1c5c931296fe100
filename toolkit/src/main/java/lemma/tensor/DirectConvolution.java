package lemma.tensor;

import lemma.tensor.Backend.Conv2d;

/**
 * Convolution of FLOAT32 without unfolding. The source is copied once into planes whose rows, images and all lie one after the other
 * with their zero padding between them, so that each tap of the kernel is one shift of the whole plane; results are computed for every
 * place of the plane, those over padding included, and only the true ones are copied out. With a stride s the source is split into s x s
 * planes, one for each remainder of the position, and a tap is a shift of one of them. Every result is one chain of multiply-adds over
 * the taps in order, whatever the threads.
 */
final class DirectConvolution {
    /** Bytes of source that a band should not pass, so that it stays in the second-level cache. */
    private static final long BAND_BYTES = 384 << 10;
    private static final int MIN_PLACES = 256;
    private static final int MAX_PLACES = 2048;
    /** Pieces of work to make of a batch, for as many threads. */
    private static final int PARTS = 8;

    private DirectConvolution() {}

    /**
     * One axis of a source: position q of plane b holds element {@code q step + b - pad}, zero outside; results 0 to {@code out - 1}
     * read up to {@code reach} positions further.
     */
    private record Grid(int in, int step, int pad, int out, int reach) {
        int first(int b) {
            return Math.min(out + reach, Math.ceilDiv(Math.max(0, pad - b), step));
        }

        int end(int b) {
            return Math.clamp(Math.ceilDiv(in + pad - b, step), first(b), out + reach);
        }

        int element(int q, int b) {
            return q * step + b - pad;
        }

        /** Distance from one row (or image) to the next: what follows a row's elements may be the zeros before the next row's. */
        int pitch() {
            int p = out;
            for (int b = 0; b < step; b++) p = Math.max(p, Math.max(end(b), out + reach - first(b)));
            return p;
        }
    }

    /** The source of a correlation: {@code channels} of a group of (n, all, rows.in, columns.in), in bands of images or of rows. */
    private record Source(Grid rows, Grid columns, int n, int channels, int all, int images, int band, int rowPitch, int pitch) {
        /** {@code parts}: into how many bands at least the images should fall. */
        static Source of(Grid rows, Grid columns, int n, int channels, int all, int parts) {
            int pitch = columns.pitch();
            long perPlace = 4L * channels * rows.step * columns.step;
            long places = Math.clamp(BAND_BYTES / perPlace, MIN_PLACES, MAX_PLACES);
            long image = (long) rows.pitch() * pitch;
            if (image <= places) {
                int images = (int) Math.min(Math.ceilDiv(n, parts), places / image);
                return new Source(rows, columns, n, channels, all, images, rows.out, rows.pitch(), pitch);
            }
            int bands = (int) Math.min(rows.out, Math.ceilDiv(image, places));
            int band = Math.ceilDiv(rows.out, bands);
            return new Source(rows, columns, n, channels, all, 1, band, band, pitch);
        }

        int bandsAnImage() {
            return Math.ceilDiv(rows.out, band);
        }

        int bands() {
            return images > 1 ? Math.ceilDiv(n, images) : n * bandsAnImage();
        }

        Band band(int i) {
            if (images > 1) return new Band(i * images, Math.min(images, n - i * images), 0, rows.out);
            int row = i % bandsAnImage() * band;
            return new Band(i / bandsAnImage(), 1, row, Math.min(band, rows.out - row));
        }

        /** Places of a band from its first result to its last. */
        int places(Band b) {
            return ((b.images - 1) * rowPitch + b.rows) * pitch - (pitch - columns.out);
        }

        int mostPlaces() {
            return images * rowPitch * pitch;
        }

        /** Bytes of a plane, with room for whole tiles at the end. */
        long plane() {
            return 4L * (mostPlaces() + rows.reach * pitch + columns.reach + 2 * FloatTiles.WIDTH);
        }

        int planes() {
            return rows.step * columns.step;
        }

        long bytes() {
            return plane() * planes() * channels;
        }

        /** The shift in bytes that a tap makes: {@code i, j} elements from the first of the window. */
        long offset(int channel, int i, int j) {
            int b = i % rows.step * columns.step + j % columns.step;
            return plane() * (channel * planes() + b) + 4L * (i / rows.step * pitch + j / columns.step);
        }

        /** Fills the planes of {@code band} that {@code uses} names from channels at {@code x}, the first image's first channel of the group. */
        void fill(Band band, long x, boolean[] uses, long to) {
            long channel = 4L * rows.in * columns.in;
            for (int c = 0; c < channels; c++) {
                for (int b = 0; b < planes(); b++, to += plane()) {
                    if (uses[b]) fill(band, x + ((long) band.image * all + c) * channel, b / columns.step, b % columns.step, to);
                }
            }
        }

        private void fill(Band band, long x, int br, int bc, long to) {
            int top = Math.max(rows.first(br), band.row);
            int height = Math.min(rows.end(br), band.row + band.rows + rows.reach) - top;
            int left = columns.first(bc);
            int n = columns.end(bc) - left;
            if (height <= 0 || n == 0) {
                FloatTiles.zero(to, plane());
                return;
            }
            boolean spilling = columns.step == 1 && FloatTiles.spill(n) >= pitch - n;
            if (!spilling) FloatTiles.zero(to, plane());
            long image = 4L * all * rows.in * columns.in;
            long from = x + 4L * ((long) rows.element(top, br) * columns.in + columns.element(left, bc));
            long fromRow = 4L * rows.step * columns.in;
            long done = to;
            for (int i = 0; i < band.images; i++, from += image) {
                long at = to + 4L * ((long) (i * rowPitch + top - band.row) * pitch + left);
                if (spilling) {
                    FloatTiles.zero(done, at - done);
                    FloatTiles.fillRows(from, fromRow, at, 4L * pitch, height, n);
                } else if (columns.step == 1) {
                    FloatTiles.copyRows(from, fromRow, at, 4L * pitch, height, n, 0);
                } else {
                    everyOther(from, fromRow, at, height, n);
                }
                done = at + 4L * ((long) (height - 1) * pitch + n);
            }
            if (spilling) FloatTiles.zero(done, to + plane() - done);
        }

        private void everyOther(long from, long fromRow, long to, int height, int n) {
            for (int r = 0; r < height; r++, from += fromRow, to += 4L * pitch) {
                for (int q = 0; q < n; q++) Raw.i32(to + 4L * q, Raw.i32(from + 4L * q * columns.step));
            }
        }
    }

    /** Images {@code image} to {@code image + images - 1}, of each the rows {@code row} to {@code row + rows - 1} of the result. */
    private record Band(int image, int images, int row, int rows) {}

    /** Where results go: result q of an axis is element {@code q step + first}, if it is in [0, length). */
    private record Target(int step, int first, int length) {
        int from() {
            return Math.ceilDiv(Math.max(0, -first), step);
        }

        int end(int out) {
            return Math.min(out, Math.ceilDiv(length - first, step));
        }

        int element(int q) {
            return q * step + first;
        }
    }

    /** The taps of a correlation: rows i, columns j of the kernel and where they shift the source. */
    private record Taps(int channels, int[] rows, int[] columns, int[] rowShifts, int[] columnShifts) {
        int count() {
            return channels * rows.length * columns.length;
        }

        void write(Source source, long table) {
            for (int c = 0, k = 0; c < channels; c++) {
                for (int i : rowShifts) for (int j : columnShifts) Raw.i64(table + 8L * k++, source.offset(c, i, j));
            }
        }

        /** Where the taps lie in the kernel's plane of rows {@code width} long. */
        int[] places(int width) {
            int[] p = new int[rows.length * columns.length];
            int n = 0;
            for (int i : rows) for (int j : columns) p[n++] = i * width + j;
            return p;
        }

        boolean[] uses(Source source) {
            boolean[] uses = new boolean[source.planes()];
            for (int i : rowShifts) for (int j : columnShifts) uses[i % source.rows.step * source.columns.step + j % source.columns.step] = true;
            return uses;
        }
    }

    /** Strides in elements of a kernel, by output and by input channel of the correlation. */
    private record Weights(long address, long output, long input, int width) {}

    private static int[] all(int taps) {
        int[] a = new int[taps];
        for (int i = 0; i < taps; i++) a[i] = i;
        return a;
    }

    private static int[] shifts(int[] taps, int dilation) {
        int[] s = new int[taps.length];
        for (int i = 0; i < s.length; i++) s[i] = taps[i] * dilation;
        return s;
    }

    static void forward(Tensor y, Tensor x, Tensor kernel, Tensor bias, Conv2d s) {
        Source source = source(x, kernel, y, s, PARTS);
        int kh = kernel.dim(2);
        int kw = kernel.dim(3);
        Taps taps = new Taps(kernel.dim(1), all(kh), all(kw), shifts(all(kh), s.dilationH()), shifts(all(kw), s.dilationW()));
        int outputs = kernel.dim(0) / s.groups();
        long patch = (long) kernel.dim(1) * kh * kw;
        for (int group = 0; group < s.groups(); group++) {
            long in = x.address() + 4L * group * kernel.dim(1) * x.dim(2) * x.dim(3);
            long out = y.address() + 4L * group * outputs * y.dim(2) * y.dim(3);
            Weights w = new Weights(kernel.address() + 4L * group * outputs * patch, patch, (long) kh * kw, kw);
            correlate(source, taps, w, outputs, in, bias == null ? 0 : bias.address() + 4L * group * outputs,
                    out, y.dim(1), new Target(1, 0, y.dim(2)), new Target(1, 0, y.dim(3)));
        }
    }

    private static Source source(Tensor x, Tensor kernel, Tensor y, Conv2d s, int parts) {
        Grid rows = new Grid(x.dim(2), s.strideH(), s.padH(), y.dim(2), (kernel.dim(2) - 1) * s.dilationH() / s.strideH());
        Grid columns = new Grid(x.dim(3), s.strideW(), s.padW(), y.dim(3), (kernel.dim(3) - 1) * s.dilationW() / s.strideW());
        return Source.of(rows, columns, x.dim(0), kernel.dim(1), x.dim(1), parts);
    }

    /** Places (r, c) of dx modulo the stride get their gradient from the taps that meet them there, each a correlation of dy. */
    static void input(Tensor dx, Tensor dy, Tensor kernel, Conv2d s) {
        int kh = kernel.dim(2);
        int kw = kernel.dim(3);
        int outputs = kernel.dim(0) / s.groups();
        int inputs = kernel.dim(1);
        int reachH = (kh - 1) * s.dilationH() / s.strideH();
        int reachW = (kw - 1) * s.dilationW() / s.strideW();
        // the first positions may all lie in the padding of x
        int skipH = s.padH() / s.strideH();
        int skipW = s.padW() / s.strideW();
        Grid rows = new Grid(dy.dim(2), 1, reachH - skipH, Math.ceilDiv(dx.dim(2) + s.padH(), s.strideH()) - skipH, reachH);
        Grid columns = new Grid(dy.dim(3), 1, reachW - skipW, Math.ceilDiv(dx.dim(3) + s.padW(), s.strideW()) - skipW, reachW);
        Source source = Source.of(rows, columns, dy.dim(0), outputs, dy.dim(1), PARTS);
        if (s.strideH() > 1 || s.strideW() > 1) CpuCopy.fill(dx, 0);
        long patch = (long) inputs * kh * kw;
        for (int r = 0; r < s.strideH(); r++) {
            for (int c = 0; c < s.strideW(); c++) {
                int[] i = meeting(kh, s.dilationH(), s.strideH(), r);
                int[] j = meeting(kw, s.dilationW(), s.strideW(), c);
                if (i.length == 0 || j.length == 0) continue;
                Taps taps = new Taps(outputs, i, j, back(i, s.dilationH(), s.strideH(), reachH), back(j, s.dilationW(), s.strideW(), reachW));
                for (int group = 0; group < s.groups(); group++) {
                    long in = dy.address() + 4L * group * outputs * dy.dim(2) * dy.dim(3);
                    long out = dx.address() + 4L * group * inputs * dx.dim(2) * dx.dim(3);
                    Weights w = new Weights(kernel.address() + 4L * group * outputs * patch, (long) kh * kw, patch, kw);
                    correlate(source, taps, w, inputs, in, 0, out, dx.dim(1), 
                            new Target(s.strideH(), skipH * s.strideH() + r - s.padH(), dx.dim(2)), new Target(s.strideW(), skipW * s.strideW() + c - s.padW(), dx.dim(3)));
                }
            }
        }
    }

    /** The taps whose positions leave the remainder {@code r}. */
    private static int[] meeting(int taps, int dilation, int stride, int r) {
        int n = 0;
        int[] out = new int[taps];
        for (int i = 0; i < taps; i++) if (i * dilation % stride == r) out[n++] = i;
        return java.util.Arrays.copyOf(out, n);
    }

    private static int[] back(int[] taps, int dilation, int stride, int reach) {
        int[] s = new int[taps.length];
        for (int i = 0; i < s.length; i++) s[i] = reach - taps[i] * dilation / stride;
        return s;
    }

    /** {@code out[o][q] = bias[o] + sum over taps of w[o][tap] source[q + shift]} for one group, band by band. */
    private static void correlate(Source source, Taps taps, Weights w, int outputs, long in, long bias, long out, int all, Target rows, Target columns) {
        int[] heights = heights(outputs);
        int width = java.util.Arrays.stream(heights).sum();
        boolean[] uses = taps.uses(source);
        Storage.Host shared = room(8L * taps.count() + 4L * width * taps.count());
        long table = shared.address;
        long packed = table + 8L * taps.count();
        taps.write(source, table);
        pack(taps, w, heights, outputs, packed);
        long rowBytes = rowBytes(source);
        try {
            Threads.parallel(source.bands(), 1, (lo, hi) -> {
                Storage.Host room = room(source.bytes() + FloatTiles.HEIGHT * rowBytes);
                long results = room.address + source.bytes();
                try {
                    for (int i = (int) lo; i < hi; i++) {
                        Band band = source.band(i);
                        source.fill(band, in, uses, room.address);
                        long weights = packed;
                        for (int h = 0, o = 0; h < heights.length; o += heights[h++]) {
                            int places = source.places(band);
                            for (int p = 0; p < places; p += FloatTiles.WIDTH) {
                                FloatTiles.correlate(heights[h], room.address + 4L * p, table, weights, taps.count(), results + 4L * p, rowBytes);
                            }
                            weights += 4L * heights[h] * taps.count();
                            for (int k = 0; k < Math.min(heights[h], outputs - o); k++) {
                                float b = bias == 0 ? 0 : Raw.f32(bias + 4L * (o + k));
                                copyOut(source, band, results + k * rowBytes, out + 4L * (o + k) * rows.length * columns.length, all, b, rows, columns);
                            }
                        }
                    }
                } finally {
                    room.release();
                }
            });
        } finally {
            shared.release();
        }
    }

    private static Storage.Host room(long bytes) {
        return MemoryPool.allocate(Shape.of((int) Math.ceilDiv(bytes + FloatMath.STEP, 4), 1), DType.FLOAT32);
    }

    /** Tiles that cover the output channels. */
    private static int[] heights(int outputs) {
        int[] h = new int[outputs];
        int n = 0;
        for (int rest = outputs; rest > 0; rest -= h[n++]) h[n] = rest == 1 ? 1 : rest <= 4 ? 4 : FloatTiles.HEIGHT;
        return java.util.Arrays.copyOf(h, n);
    }

    /** The kernel tile by tile, for each tap the weights of the tile's channels side by side, zero where there is no channel. */
    private static void pack(Taps taps, Weights w, int[] heights, int outputs, long to) {
        int[] places = taps.places(w.width);
        for (int h = 0, first = 0; h < heights.length; first += heights[h++]) {
            int height = heights[h];
            if (first + height > outputs) FloatTiles.zero(to, 4L * height * taps.count());
            for (int c = 0; c < taps.channels; c++, to += 4L * height * places.length) {
                for (int o = 0; o < Math.min(height, outputs - first); o++) {
                    pack(w.address + 4 * ((first + o) * w.output + c * w.input), places, to + 4L * o, 4L * height);
                }
            }
        }
    }

    private static void pack(long from, int[] places, long to, long step) {
        for (int t = 0; t < places.length; t++) Raw.f32(to + t * step, Raw.f32(from + 4L * places[t]));
    }

    /** Copies the true results of one channel of a band to where they belong; {@code out} is the channel's plane in the first image. */
    private static void copyOut(Source source, Band band, long results, long out, int all, float bias, Target rows, Target columns) {
        long plane = 4L * rows.length * columns.length;
        int top = Math.max(rows.from(), band.row);
        int bottom = Math.min(rows.end(source.rows.out), band.row + band.rows);
        int left = columns.from();
        int n = columns.end(source.columns.out) - left;
        if (bottom <= top || n <= 0) return;
        for (int i = 0; i < band.images; i++) {
            long from = results + 4L * ((long) (i * source.rowPitch + top - band.row) * source.pitch + left);
            long to = out + (long) (band.image + i) * all * plane + 4L * ((long) rows.element(top) * columns.length + columns.element(left));
            if (columns.step == 1) {
                FloatTiles.copyRows(from, 4L * source.pitch, to, 4L * rows.step * columns.length, bottom - top, n, bias);
                continue;
            }
            for (int r = top; r < bottom; r++, from += 4L * source.pitch, to += 4L * rows.step * columns.length) {
                for (int q = 0; q < n; q++) Raw.f32(to + 4L * q * columns.step, Raw.f32(from + 4L * q) + bias);
            }
        }
    }

    // ---- gradient in the kernel ----

    /** Groups, ranges of output channels and parts of the batch are worked on apart; the parts are added up in the end. */
    static void kernel(Tensor dk, Tensor dy, Tensor x, Conv2d s) {
        int outputs = dk.dim(0) / s.groups();
        int ranges = Math.clamp(outputs / 16, 1, 4);
        int range = Math.ceilDiv(Math.ceilDiv(outputs, ranges), FloatTiles.GRADIENT_HEIGHT) * FloatTiles.GRADIENT_HEIGHT;
        Source source = source(x, dk, dy, s, Math.ceilDiv(PARTS, s.groups() * ranges));
        int[] i = all(dk.dim(2));
        int[] j = all(dk.dim(3));
        Taps taps = new Taps(dk.dim(1), i, j, shifts(i, s.dilationH()), shifts(j, s.dilationW()));
        int count = Math.ceilDiv(taps.count(), FloatTiles.GRADIENT_WIDTH) * FloatTiles.GRADIENT_WIDTH;
        int each = Math.ceilDiv(source.bands(), Math.ceilDiv(PARTS, s.groups() * ranges));
        int parts = Math.ceilDiv(source.bands(), each);
        boolean[] uses = taps.uses(source);
        Storage.Host table = room(8L * count);
        Tensor partial = CpuCopy.temporary(Shape.of(parts, s.groups(), ranges * range, count), DType.FLOAT32);
        try {
            taps.write(source, table.address);
            for (int k = taps.count(); k < count; k++) Raw.i64(table.address + 8L * k, Raw.i64(table.address));
            CpuCopy.fill(partial, 0);
            long sums = partial.address();
            long in = x.address();
            long gradient = dy.address();
            long channels = 4L * dk.dim(1) * x.dim(2) * x.dim(3);
            Threads.parallel((long) parts * s.groups() * ranges, 1, (lo, hi) -> {
                Storage.Host room = room(source.bytes() + gradientRoom(source));
                try {
                    for (long unit = lo; unit < hi; unit++) {
                        int group = (int) (unit / ranges % s.groups());
                        int first = (int) (unit % ranges) * range;
                        int part = (int) (unit / ranges / s.groups());
                        Channels dys = new Channels(gradient, dy.dim(1), group * outputs + first, Math.min(range, outputs - first));
                        for (int b = part * each; b < Math.min(source.bands(), (part + 1) * each); b++) {
                            source.fill(source.band(b), in + group * channels, uses, room.address);
                            gradient(source, source.band(b), dys, room.address, table.address, count, sums + 4L * unit * range * count);
                        }
                    }
                } finally {
                    room.release();
                }
            });
            Shape shape = Shape.of(1, s.groups(), outputs, taps.count());
            CpuReductions.reduce(Reduction.SUM, dk.view(shape, shape.strides(), dk.offset()), partial.narrow(2, 0, outputs).narrow(3, 0, taps.count()), new int[] {0});
        } finally {
            table.release();
            CpuCopy.drop(partial);
        }
    }

    /** Channels {@code first} to {@code first + count - 1} of (n, all, rows, columns) at {@code address}. */
    private record Channels(long address, int all, int first, int count) {}

    private static long rowBytes(Source source) {
        return 4L * (source.mostPlaces() + FloatTiles.WIDTH);
    }

    private static long gradientRoom(Source source) {
        return FloatTiles.GRADIENT_HEIGHT * (rowBytes(source) + FloatTiles.GRADIENT_WIDTH * FloatMath.STEP);
    }

    private static void gradient(Source source, Band band, Channels dy, long planes, long table, int count, long sums) {
        int height = FloatTiles.GRADIENT_HEIGHT;
        long rowBytes = rowBytes(source);
        long rows = planes + source.bytes();
        long lanes = rows + height * rowBytes;
        long bytes = 4L * source.places(band) + FloatMath.STEP - 1 & -FloatMath.STEP;
        for (int o = 0; o < dy.count; o += height) {
            for (int k = 0; k < height; k++) {
                if (o + k < dy.count) copyIn(source, band, dy, o + k, rows + k * rowBytes, bytes);
                else FloatTiles.zero(rows + k * rowBytes, bytes);
            }
            for (int k = 0; k < count; k += FloatTiles.GRADIENT_WIDTH) {
                FloatTiles.gradient(rows, rowBytes, planes, table + 8L * k, bytes, lanes, sums + 4L * ((long) o * count + k), 4L * count);
            }
        }
    }

    /** A channel of dy at the places of its band, zeros between. */
    private static void copyIn(Source source, Band band, Channels dy, int channel, long to, long bytes) {
        int height = source.rows.out;
        int width = source.columns.out;
        boolean spilling = FloatTiles.spill(width) >= source.pitch - width;
        if (!spilling) FloatTiles.zero(to, bytes);
        long done = to;
        for (int i = 0; i < band.images; i++) {
            long from = dy.address + 4L * (((long) (band.image + i) * dy.all + dy.first + channel) * height + band.row) * width;
            long at = to + 4L * i * source.rowPitch * source.pitch;
            if (spilling) {
                FloatTiles.zero(done, at - done);
                FloatTiles.fillRows(from, 4L * width, at, 4L * source.pitch, band.rows, width);
            } else {
                FloatTiles.copyRows(from, 4L * width, at, 4L * source.pitch, band.rows, width, 0);
            }
            done = at + 4L * ((long) (band.rows - 1) * source.pitch + width);
        }
        if (spilling) FloatTiles.zero(done, to + bytes - done);
    }
}
